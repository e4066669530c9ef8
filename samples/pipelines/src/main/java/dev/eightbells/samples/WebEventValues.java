package dev.eightbells.samples;

import java.util.List;

/** The values that web events are made of; all invented but the places. */
final class WebEventValues {
    static final List<String> PRODUCTS = List.of(
            "anchor-lamp",
            "boat-hook",
            "brass-bell",
            "canvas-bag",
            "deck-brush",
            "fender",
            "half-hour-glass",
            "marlinspike",
            "oilskin",
            "rope-20m",
            "sextant",
            "signal-flags");

    static final List<Referral> REFERRALS = List.of(
            new Referral("", "", "", "direct", "", "", "", ""),
            new Referral("", "", "", "direct", "", "", "", ""),
            new Referral("www.seekwell.example", "https", "443", "search", "organic", "seekwell", "", ""),
            new Referral("www.seekwell.example", "https", "443", "search", "cpc", "seekwell", "ad_1", "spring_sailing"),
            new Referral("www.seekwell.example", "https", "443", "search", "cpc", "seekwell", "ad_2", "spring_sailing"),
            new Referral("find.lantern.example", "https", "443", "search", "organic", "lantern", "", ""),
            new Referral(
                    "social.quayside.example", "https", "443", "social", "paid_social", "quayside", "ad_3", "regatta"),
            new Referral("social.quayside.example", "https", "443", "social", "organic", "quayside", "", ""),
            new Referral(
                    "www.harbour-gazette.example",
                    "http",
                    "80",
                    "unknown",
                    "affiliate",
                    "gazette",
                    "review_7",
                    "gear_test"),
            new Referral(
                    "mail.halyard-and-oar.example",
                    "https",
                    "443",
                    "email",
                    "newsletter",
                    "november",
                    "story_1",
                    "winter_stores"),
            new Referral(
                    "www.halyard-and-oar.example", "https", "443", "internal", "banner", "blog", "knots", "how_to"));

    static final List<City> CITIES = List.of(
            new City("Hamburg", "DE", "Europe/Berlin", 5_355_108, 999_368),
            new City("Kiel", "DE", "Europe/Berlin", 5_432_133, 1_013_489),
            new City("Amsterdam", "NL", "Europe/Amsterdam", 5_237_403, 488_969),
            new City("Antwerpen", "BE", "Europe/Brussels", 5_121_989, 440_346),
            new City("Saint-Malo", "FR", "Europe/Paris", 4_864_934, -202_568),
            new City("Plymouth", "GB", "Europe/London", 5_037_153, -414_305),
            new City("Cork", "IE", "Europe/Dublin", 5_189_797, -847_061),
            new City("Göteborg", "SE", "Europe/Stockholm", 5_770_716, 1_196_679),
            new City("København", "DK", "Europe/Copenhagen", 5_567_594, 1_256_553),
            new City("Gdańsk", "PL", "Europe/Warsaw", 5_435_205, 1_864_637),
            new City("Málaga", "ES", "Europe/Madrid", 3_672_016, -442_034),
            new City("A Coru\\u00f1a", "ES", "Europe/Madrid", 4_337_135, -839_600),
            new City("Porto", "PT", "Europe/Lisbon", 4_114_961, -861_099),
            new City("Genova", "IT", "Europe/Rome", 4_440_478, 894_438),
            new City("Πειραιάς", "GR", "Europe/Athens", 3_794_203, 2_364_619),
            new City("Halifax", "CA", "America/Halifax", 4_464_533, -6_357_239),
            new City("Newport", "US", "America/New_York", 4_149_010, -7_131_283),
            new City("Annapolis", "US", "America/New_York", 3_897_859, -7_649_184),
            new City("San Diego", "US", "America/Los_Angeles", 3_271_571, -11_716_472),
            new City("Niterói", "BR", "America/Sao_Paulo", -2_288_333, -4_310_361),
            new City("Auckland", "NZ", "Pacific/Auckland", -3_684_853, 17_476_349),
            new City("Fremantle", "AU", "Australia/Perth", -3_205_694, 11_574_391),
            new City("Cape Town", "ZA", "Africa/Johannesburg", -3_392_584, 1_842_322),
            new City("横浜", "JP", "Asia/Tokyo", 3_544_778, 13_964_250));

    static final List<Device> DEVICES = List.of(
            new Device(
                    "Firefox",
                    "rv:131.0) Gecko/20100101 Firefox/131.0",
                    "X11; Linux x86_64",
                    "Linux x86_64",
                    "Linux",
                    "Desktop"),
            new Device(
                    "Firefox",
                    "rv:130.0) Gecko/20100101 Firefox/130.0",
                    "Windows NT 10.0; Win64; x64",
                    "Windows 10",
                    "Windows",
                    "Desktop"),
            new Device(
                    "Chrome",
                    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
                    "Windows NT 10.0; Win64; x64",
                    "Windows 10",
                    "Windows",
                    "Desktop"),
            new Device(
                    "Chrome",
                    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
                    "Macintosh; Intel Mac OS X 10_15_7",
                    "Mac OS X 10.15",
                    "Mac OS X",
                    "Desktop"),
            new Device(
                    "Chrome",
                    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
                    "Linux; Android 14; K",
                    "Android 14",
                    "Android",
                    "Mobile"),
            new Device(
                    "Chrome",
                    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36",
                    "Linux; Android 13; K",
                    "Android 13",
                    "Android",
                    "Mobile"),
            new Device(
                    "Safari",
                    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
                    "iPhone; CPU iPhone OS 17_6 like Mac OS X",
                    "iOS 17.6",
                    "iOS",
                    "Mobile"),
            new Device(
                    "Safari",
                    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                    "Macintosh; Intel Mac OS X 10_15_7",
                    "Mac OS X 10.15",
                    "Mac OS X",
                    "Desktop"),
            new Device(
                    "Safari",
                    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
                    "iPad; CPU OS 17_6 like Mac OS X",
                    "iOS 17.6",
                    "iOS",
                    "Tablet"));

    static final List<String> LANGUAGES = List.of(
            "de_DE", "nl_NL", "fr_FR", "en_GB", "en_US", "sv_SE", "da_DK", "pl_PL", "es_ES", "pt_PT", "it_IT", "el_GR",
            "ja_JP");

    static final List<String> NAMES = List.of(
            "ahab", "anna", "bosun", "brita", "carlo", "cleo", "dirk", "elif", "fenna", "finn", "gudrun", "haru",
            "ines", "ishmael", "jonas", "juno", "kaia", "lars", "lina", "marlow", "mira", "nils", "noor", "olga",
            "pelle", "pilar", "quint", "rosa", "runa", "silas", "stella", "sven", "tashi", "thea", "ulla", "vasco",
            "wanda", "xenia", "yara", "zeno");

    static final List<String> MAILS =
            List.of("mail.example", "post.example", "crew.example", "pier.example", "letters.example");

    private WebEventValues() {}

    private static String field(String name, String value) {
        return ", \"" + name + "\": \"" + value + "\"";
    }

    /** Where a visit came from; empty values for visitors who typed the address. */
    record Referral(
            String url,
            String scheme,
            String port,
            String medium,
            String utmMedium,
            String source,
            String content,
            String campaign) {
        String fields() {
            return field("referer_url", url)
                    + field("referer_url_scheme", scheme)
                    + field("referer_url_port", port)
                    + field("referer_medium", medium)
                    + field("utm_medium", utmMedium)
                    + field("utm_source", source)
                    + field("utm_content", content)
                    + field("utm_campaign", campaign);
        }
    }

    /** Where visitors are; latitude and longitude in units of 0.00001 degrees. */
    record City(String region, String country, String timezone, int latitude, int longitude) {
        /** Continues after the longitude's digits. */
        String fields() {
            return "\"" + field("geo_country", country) + field("geo_timezone", timezone)
                    + field("geo_region_name", region);
        }

        String timezoneField() {
            return field("os_timezone", timezone);
        }
    }

    /** What visitors hold in their hands. */
    record Device(String browser, String agent, String platform, String system, String systemName, String kind) {
        String browserFields() {
            String mozilla = "Mozilla/5.0 (" + platform + (agent.startsWith("rv:") ? "; " : ") ") + agent;
            return field("browser_name", browser) + field("browser_user_agent", mozilla);
        }

        String systemFields() {
            return field("os", system) + field("os_name", systemName);
        }

        String kindFields() {
            return field("device_type", kind) + ", \"device_is_mobile\": " + !kind.equals("Desktop");
        }
    }
}
