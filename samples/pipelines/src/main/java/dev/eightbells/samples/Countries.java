package dev.eightbells.samples;

import java.util.List;

/** The countries of the vaccinations sample, with round numbers of people. */
final class Countries {
    private static final String WESTERN = "Moderna, Oxford/AstraZeneca, Pfizer/BioNTech";
    private static final String ALL_FOUR = "Johnson&Johnson, Moderna, Oxford/AstraZeneca, Pfizer/BioNTech";
    private static final String EASTERN = "Sinopharm/Beijing, Sputnik V";
    private static final String MIXED = "Oxford/AstraZeneca, Pfizer/BioNTech, Sinovac";

    static final List<Country> ALL = List.of(
            new Country("Argentina", "ARG", 45_000_000, EASTERN),
            new Country("Australia", "AUS", 25_500_000, "Oxford/AstraZeneca, Pfizer/BioNTech"),
            new Country("Austria", "AUT", 9_000_000, ALL_FOUR),
            new Country("Belgium", "BEL", 11_600_000, ALL_FOUR),
            new Country("Bolivia", "BOL", 11_700_000, EASTERN),
            new Country("Brazil", "BRA", 212_600_000, MIXED),
            new Country("Canada", "CAN", 37_700_000, WESTERN),
            new Country("Chile", "CHL", 19_100_000, MIXED),
            new Country("Colombia", "COL", 50_900_000, MIXED),
            new Country("Costa Rica", "CRI", 5_100_000, "Oxford/AstraZeneca, Pfizer/BioNTech"),
            new Country("Croatia", "HRV", 4_100_000, ALL_FOUR),
            new Country("Curaçao", "CUW", 164_000, "Moderna, Pfizer/BioNTech"),
            new Country("Denmark", "DNK", 5_800_000, "Moderna, Pfizer/BioNTech"),
            new Country("Estonia", "EST", 1_300_000, ALL_FOUR),
            new Country("Faeroe Islands", "FRO", 49_000, "Moderna, Pfizer/BioNTech"),
            new Country("Finland", "FIN", 5_500_000, WESTERN),
            new Country("France", "FRA", 67_400_000, ALL_FOUR),
            new Country("Germany", "DEU", 83_800_000, ALL_FOUR),
            new Country("Greece", "GRC", 10_400_000, ALL_FOUR),
            new Country("Iceland", "ISL", 341_000, ALL_FOUR),
            new Country("India", "IND", 1_380_000_000, "Covaxin, Oxford/AstraZeneca, Sputnik V"),
            new Country("Ireland", "IRL", 4_900_000, ALL_FOUR),
            new Country("Italy", "ITA", 60_500_000, ALL_FOUR),
            new Country("Japan", "JPN", 126_500_000, "Moderna, Pfizer/BioNTech"),
            new Country("Kenya", "KEN", 53_800_000, "Oxford/AstraZeneca"),
            new Country("Latvia", "LVA", 1_900_000, ALL_FOUR),
            new Country("Malta", "MLT", 442_000, ALL_FOUR),
            new Country("Mexico", "MEX", 128_900_000, MIXED),
            new Country("Morocco", "MAR", 36_900_000, "Oxford/AstraZeneca, Sinopharm/Beijing"),
            new Country("Netherlands", "NLD", 17_100_000, ALL_FOUR),
            new Country("New Zealand", "NZL", 4_800_000, "Pfizer/BioNTech"),
            new Country("Norway", "NOR", 5_400_000, "Moderna, Pfizer/BioNTech"),
            new Country("Peru", "PER", 33_000_000, MIXED),
            new Country("Philippines", "PHL", 109_600_000, MIXED),
            new Country("Poland", "POL", 37_800_000, ALL_FOUR),
            new Country("Portugal", "PRT", 10_200_000, ALL_FOUR),
            new Country("Senegal", "SEN", 16_700_000, "Oxford/AstraZeneca, Sinopharm/Beijing"),
            new Country("Singapore", "SGP", 5_900_000, "Moderna, Pfizer/BioNTech"),
            new Country("South Africa", "ZAF", 59_300_000, "Johnson&Johnson, Pfizer/BioNTech"),
            new Country("South Korea", "KOR", 51_300_000, ALL_FOUR),
            new Country("Spain", "ESP", 46_800_000, ALL_FOUR),
            new Country("Sweden", "SWE", 10_100_000, WESTERN),
            new Country("Switzerland", "CHE", 8_700_000, "Moderna, Pfizer/BioNTech"),
            new Country("Tunisia", "TUN", 11_800_000, MIXED),
            new Country("Turkey", "TUR", 84_300_000, "Pfizer/BioNTech, Sinovac"),
            new Country("United Kingdom", "GBR", 67_900_000, WESTERN),
            new Country("United States", "USA", 332_900_000, "Johnson&Johnson, Moderna, Pfizer/BioNTech"),
            new Country("Uruguay", "URY", 3_500_000, MIXED));

    private Countries() {}

    /** A country and what its people are vaccinated with. */
    record Country(String name, String code, long people, String vaccines) {}
}
