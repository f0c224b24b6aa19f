package io.herald.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the build laid out, in the {@code target} folders of the project.
 *
 * @param root folder of the project
 */
public record Installation(Path root) {
    /**
     * Finds the project that this class was built in.
     *
     * @throws StackException if it runs from somewhere else, or the project was not packaged
     */
    public static Installation find() {
        Path classes = location();
        for (Path folder = classes; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("deploy/local/pom.xml"))) {
                Installation found = new Installation(folder);
                found.check();
                return found;
            }
        }
        throw new StackException("the local stack runs from a build of the project, not from " + classes);
    }

    /** Returns the folder of the schema registry. */
    Path registry() {
        return root.resolve("deploy/local/target/registry");
    }

    /** Returns the folder that PostgreSQL's binaries are unpacked to at their first start. */
    Path postgres() {
        return root.resolve("deploy/local/target/postgres");
    }

    /** Returns the class path of the local stack's own processes. */
    String classPath() {
        return location() + ":" + read(root.resolve("deploy/local/target/class-path"));
    }

    /** Returns the class path of a Connect worker. */
    String connectClassPath() {
        return read(root.resolve("connectors/inbox-jdbc/target/connect/class-path"));
    }

    /** Returns the plugin folder of a Connect worker. */
    Path connectPlugins() {
        return root.resolve("connectors/inbox-jdbc/target/connect/plugins");
    }

    /** Returns the {@code java} command that runs this process. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private void check() {
        if (!Files.isDirectory(registry()) || !Files.isDirectory(connectPlugins())) {
            throw new StackException("the build is not complete: mvn -DskipTests -pl deploy/local -am package");
        }
    }

    private static Path location() {
        try {
            URI code = Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(code);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + file, failure);
        }
    }
}
