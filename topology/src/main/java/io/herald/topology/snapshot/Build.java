package io.herald.topology.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which Herald this is. */
final class Build {
    private static final String POM = "/META-INF/maven/io.herald/herald-topology/pom.properties";

    private Build() {}

    static String version() {
        try (InputStream in = Build.class.getResourceAsStream(POM)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unreleased");
        } catch (IOException unreadable) {
            return "unknown";
        }
    }
}
