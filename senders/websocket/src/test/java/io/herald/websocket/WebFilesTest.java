package io.herald.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.herald.websocket.WebFiles.WebFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WebFilesTest {
    private static final Pattern IMPORT = Pattern.compile("(?:from|import) '([^']+)'");

    @Test
    void servesEveryModuleOfTheClient() throws IOException {
        try (Stream<Path> folder = Files.list(Path.of("client"))) {
            List<String> modules = folder.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".js"))
                    .map(name -> WebFiles.CLIENT + name)
                    .toList();
            assertThat(WebFiles.all().keySet())
                    .filteredOn(path -> path.startsWith(WebFiles.CLIENT))
                    .containsExactlyInAnyOrderElementsOf(modules);
        }
    }

    @Test
    void importsOnlyWhatItServes() {
        assertThat(WebFiles.all().values()).allSatisfy(file -> {
            Matcher imports = IMPORT.matcher(file.type().startsWith("text/javascript") ? file.content() : "");
            while (imports.find()) {
                Path imported =
                        Path.of(file.path()).resolveSibling(imports.group(1)).normalize();
                assertThat(WebFiles.all()).as(file.path()).containsKey(imported.toString());
            }
        });
    }

    @Test
    void makesNothingThatIsShownIntoMarkup() {
        assertThat(WebFiles.all().values()).extracting(WebFile::content).noneMatch(content -> Pattern.compile(
                        "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(")
                .matcher(content)
                .find());
    }
}
