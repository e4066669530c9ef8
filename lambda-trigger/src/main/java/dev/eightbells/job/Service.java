package dev.eightbells.job;

/** A service of AWS that is called, by the name that environment variables have for it. */
enum Service {
    EMR("EMR"),
    EMR_SERVERLESS("EMR Serverless"),
    EMR_CONTAINERS("EMR on EKS");

    private final String text;

    Service(String text) {
        this.text = text;
    }

    /** Its name as people write it. */
    @Override
    public String toString() {
        return text;
    }
}
