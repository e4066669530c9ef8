package dev.eightbells.samples;

import static dev.eightbells.samples.RecordBytes.ascii;
import static dev.eightbells.samples.RecordBytes.utf8;

import java.util.List;

/** How a web event is written: 30 fields in a fixed order, every value a string but one. */
final class WebEventText {
    /** Steps of a visit: the page of the shop's home, of its products, and what a visitor clicks on there. */
    static final byte HOME = 0;

    static final byte CART = 1;
    static final byte PAYMENT = 2;
    static final byte CONFIRMATION = 3;
    static final byte FIRST_PRODUCT = 4;
    static final int PRODUCTS = WebEventValues.PRODUCTS.size();
    static final byte FIRST_CLICK = (byte) (FIRST_PRODUCT + PRODUCTS);

    private static final byte[] EVENT_ID = ascii("{\"event_id\": \"");
    private static final byte[] EVENT_TIMESTAMP = ascii("\", \"event_timestamp\": \"");
    private static final byte[] CLICK_ID = ascii(", \"click_id\": \"");
    private static final byte[] LATITUDE = ascii("\", \"geo_latitude\": \"");
    private static final byte[] LONGITUDE = ascii("\", \"geo_longitude\": \"");
    private static final byte[] IP_ADDRESS = ascii(", \"ip_address\": \"");
    private static final byte[] CUSTOM_ID = ascii(", \"user_custom_id\": \"");
    private static final byte[] DOMAIN_ID = ascii("\", \"user_domain_id\": \"");
    private static final byte[] END = ascii("\"}");

    private static final byte[][] STEPS = steps();
    private static final byte[][] REFERRALS = WebEventValues.REFERRALS.stream()
            .map(WebEventValues.Referral::fields)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final WebEventValues.City[] CITIES = WebEventValues.CITIES.toArray(WebEventValues.City[]::new);
    private static final byte[][] PLACES = WebEventValues.CITIES.stream()
            .map(WebEventValues.City::fields)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final byte[][] TIMEZONES = WebEventValues.CITIES.stream()
            .map(WebEventValues.City::timezoneField)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final byte[][] BROWSERS = WebEventValues.DEVICES.stream()
            .map(WebEventValues.Device::browserFields)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final byte[][] SYSTEMS = WebEventValues.DEVICES.stream()
            .map(WebEventValues.Device::systemFields)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final byte[][] KINDS = WebEventValues.DEVICES.stream()
            .map(WebEventValues.Device::kindFields)
            .map(RecordBytes::utf8)
            .toArray(byte[][]::new);
    private static final byte[][] LANGUAGES = WebEventValues.LANGUAGES.stream()
            .map(language -> utf8(", \"browser_language\": \"" + language + "\""))
            .toArray(byte[][]::new);
    private static final byte[][] NAMES = utf8s(WebEventValues.NAMES);
    private static final byte[][] MAILS = utf8s(WebEventValues.MAILS);

    private final RecordBytes record = new RecordBytes();

    static int cities() {
        return CITIES.length;
    }

    static int devices() {
        return KINDS.length;
    }

    static int languages() {
        return LANGUAGES.length;
    }

    static int referrals() {
        return REFERRALS.length;
    }

    /** The next event of a visit; the record holds it until the next call. */
    RecordBytes write(Visit visit, long idHigh, long idLow) {
        Visitor visitor = visit.visitor;
        WebEventValues.City city = CITIES[visitor.city];
        record.clear();
        record.text(EVENT_ID).uuid(idHigh, idLow);
        record.text(EVENT_TIMESTAMP).micros(visit.happens());
        record.text(STEPS[visit.step()]);
        record.text(REFERRALS[visit.referral]);
        record.text(CLICK_ID).uuid(visit.clickHigh, visit.clickLow);
        record.text(LATITUDE).decimal(city.latitude() + visitor.latitude, 5);
        record.text(LONGITUDE).decimal(city.longitude() + visitor.longitude, 5);
        record.text(PLACES[visitor.city]);
        record.text(IP_ADDRESS);
        writeAddress(visitor.address);
        record.text(BROWSERS[visitor.device]).text(LANGUAGES[visitor.language]);
        record.text(SYSTEMS[visitor.device]).text(TIMEZONES[visitor.city]).text(KINDS[visitor.device]);
        record.text(CUSTOM_ID);
        writeCustomId(visitor.nameBits);
        record.text(DOMAIN_ID).uuid(visitor.high, visitor.low);
        return record.text(END);
    }

    private void writeAddress(int address) {
        record.number(1 + (address >>> 24) % 223).one('.').number((address >>> 16) & 255);
        record.one('.')
                .number((address >>> 8) & 255)
                .one('.')
                .number(1 + (address & 127))
                .one('"');
    }

    /** A mail address, or nothing for one visitor in eight, who has no account. */
    private void writeCustomId(long bits) {
        if ((bits & 7) == 0) {
            return;
        }
        record.text(NAMES[(int) ((bits >>> 8) & 0xFFFF) % NAMES.length]).one('.');
        record.text(NAMES[(int) ((bits >>> 24) & 0xFFFF) % NAMES.length]).number((bits >>> 40) & 1023);
        record.one('@').text(MAILS[(int) ((bits >>> 56) & 0xFF) % MAILS.length]);
    }

    private static byte[][] steps() {
        byte[][] steps = new byte[FIRST_CLICK + PRODUCTS][];
        steps[HOME] = step("pageview", "home");
        steps[CART] = step("pageview", "cart");
        steps[PAYMENT] = step("pageview", "payment");
        steps[CONFIRMATION] = step("pageview", "confirmation");
        for (int product = 0; product < PRODUCTS; product++) {
            String page = "product/" + WebEventValues.PRODUCTS.get(product);
            steps[FIRST_PRODUCT + product] = step("pageview", page);
            steps[FIRST_CLICK + product] = step("click", page);
        }
        return steps;
    }

    private static byte[] step(String type, String page) {
        return utf8("\", \"event_type\": \"" + type + "\", \"page_url\": \"https://www.halyard-and-oar.example/" + page
                + "\", \"page_url_path\": \"/" + page + "\"");
    }

    private static byte[][] utf8s(List<String> texts) {
        return texts.stream().map(RecordBytes::utf8).toArray(byte[][]::new);
    }
}
