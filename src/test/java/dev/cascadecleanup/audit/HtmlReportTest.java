package dev.cascadecleanup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.realschemas.RealSchema;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a real schema with 46 tables, and what a browser makes of it. */
class HtmlReportTest {

    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    /** Writes into the page what does not fit. */
    private static final String MEASURE = """
            <script>
            const wrong = [];
            for (const node of document.querySelectorAll('.scroll:not(details *) g.node')) {
              const box = node.querySelector('rect').getBBox(), text = node.querySelector('text').getBBox();
              if (text.x < box.x || text.x + text.width > box.x + box.width || text.y < box.y || text.y + text.height > box.y + box.height)
                wrong.push('too long: ' + node.textContent);
              const svg = node.ownerSVGElement.viewBox.baseVal;
              if (box.x < 0 || box.y < 0 || box.x + box.width > svg.width || box.y + box.height > svg.height) wrong.push('outside: ' + node.textContent);
              if (parseFloat(getComputedStyle(node.querySelector('text')).fontSize) < 11) wrong.push('too small: ' + node.textContent);
            }
            if (document.documentElement.scrollWidth > window.innerWidth) wrong.push('the page scrolls sideways');
            document.title = 'measured ' + document.querySelectorAll('g.node').length + ', wrong: ' + wrong.join('; ') + '.';
            </script>
            """;

    private static AuditReport report;
    private static String html;

    @TempDir
    private Path folder;

    @BeforeAll
    static void audit() throws Exception {
        try (TestDatabase database =
                Postgres.newest().databaseOf(RealSchema.ZIVOHEALTH.name(), RealSchema.ZIVOHEALTH::build)) {
            database.execute("CREATE TABLE \"<b>&\"\"odd'\" (u bigint REFERENCES users)");
            report = CascadeCleanup.of(database.warmDataSource()).audit();
            html = report.toHtml();
        }
    }

    @Test
    void needsNothingElse() {
        assertThat(html)
                .doesNotContain("http:", "https:", "src=", "<link", "<script", "@import", "url(//")
                .startsWith("<!DOCTYPE html>")
                .contains("prefers-color-scheme:dark");
    }

    @Test
    void saysWhatMatters() {
        assertThat(html)
                .contains(
                        "<html lang=\"en\">",
                        "refused by 39 foreign keys",
                        "which converts 39 foreign keys",
                        "nutrition_goal_targets.nutrition_goal_targets_goal_id_fkey (goal_id) -&gt; nutrition_goals(id)",
                        "cascade_scope = closure",
                        "role=\"img\" aria-labelledby=\"after-0-title\"")
                .doesNotContain("<b>&");
    }

    /** Every element is closed, and names from the catalog stay text: apart from its head the page is XML. */
    @Test
    void isWellFormed() throws Exception {
        String body =
                html.substring(html.indexOf("<body>"), html.indexOf("</html>")).replace("<details open>", "<details>");
        assertThat(DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))
                        .getElementsByTagName("svg")
                        .getLength())
                .as("after, today, all of it, and the legend's")
                .isGreaterThanOrEqualTo(6);
    }

    /** What nobody could look at is no reason to say that the delete goes through. */
    @Test
    void saysWhatWasNotSeen() {
        CascadePlan plan = report.plan();
        CascadePlan blind = new CascadePlan(
                plan.server(),
                plan.parents(),
                List.of(),
                plan.alreadyDone(),
                plan.kept(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new NotSeen(0, "a foreign key of <b>", "its columns do not resolve", "look yourself")),
                plan.advice(),
                plan.indexes(),
                plan.data(),
                List.of(),
                List.of());
        DeleteReport harmless = new DeleteReport(report.today().get(0).parent(), List.of(), List.of());
        assertThat(new AuditReport(report.server(), blind, List.of(harmless), List.of(harmless), List.of()).toHtml())
                .contains("nothing that was seen refuses it; 1 thing not seen", "<h2 id=\"not-seen\">", "&lt;b&gt;")
                .doesNotContain("goes through");
    }

    /** Whoever opens it wants to know first what refuses. */
    @Test
    void factsComeBeforeTheDrawing() {
        assertThat(html)
                .containsSubsequence(
                        "class=\"cards\"",
                        "<h2 id=\"open\">",
                        "<h2 id=\"graph-0\">",
                        "class=\"node parent\"",
                        "<h2 id=\"findings\">",
                        "<h2 id=\"tables\">");
    }

    /** 250 tables that merely cascade are a box of one line; what refuses has boxes of its own. */
    @Test
    void aLargeSchemaIsFolded() throws Exception {
        String large = large();
        String drawing =
                large.substring(large.indexOf("<h2 id=\"graph-0\">"), large.indexOf("<summary>The same today"));
        assertThat(drawing)
                .contains("\">like_3</text>", "\">item_3</text>", "+ 25 tables", "+ 245 tables")
                .doesNotContain("\">item_7</text>");
        assertThat(Pattern.compile("class=\"node").matcher(drawing).results().count())
                .isLessThan(40);
        assertThat(large).contains("too many for a page").contains("<details><summary>all of them</summary>");
        assertFits(large, "--window-size=420,900");
    }

    private static String large() throws Exception {
        StringBuilder sql = new StringBuilder("CREATE TABLE users (id bigint PRIMARY KEY);\n");
        for (int i = 0; i < 250; i++) {
            sql.append(
                    "CREATE TABLE item_%d (id bigint PRIMARY KEY, u bigint NOT NULL REFERENCES users ON DELETE CASCADE);%n"
                            .formatted(i));
        }
        for (int i = 0; i < 5; i++) {
            sql.append("CREATE TABLE like_%d (item bigint NOT NULL REFERENCES item_%d);%n".formatted(i, i));
            for (int part = 0; part < 25; part++) {
                sql.append("CREATE TABLE part_%d_%d (item bigint NOT NULL REFERENCES item_%d ON DELETE CASCADE);%n"
                        .formatted(i, part, i));
            }
        }
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(sql.toString());
            return CascadeCleanup.of(database.warmDataSource()).audit().toHtml();
        }
    }

    @Test
    void everyNameFitsItsBoxInABrowser() throws Exception {
        assertFits(html, "--window-size=1400,900");
    }

    private void assertFits(String report, String window) throws Exception {
        Path page = Files.writeString(folder.resolve("measured.html"), report.replace("</body>", MEASURE + "</body>"));
        String dom = browse(page, "--dump-dom", window);
        Matcher title = Pattern.compile("<title>(measured .*?)</title>").matcher(dom);
        assertThat(title.find())
                .as(dom.substring(0, Math.min(300, dom.length())))
                .isTrue();
        assertThat(title.group(1)).startsWith("measured ").endsWith("wrong: .").doesNotContain("measured 0");
    }

    @Test
    void isDrawnInABrowserLightAndDark() throws Exception {
        Path page = Files.writeString(folder.resolve("audit.html"), html);
        BufferedImage light = screenshot(page, "light.png");
        BufferedImage dark = screenshot(page, "dark.png", "--force-dark-mode");
        assertThat(colours(light)).contains(0xffffff, 0x1f5fbf, 0xb3261e);
        assertThat(colours(dark)).contains(0x14171d, 0x8ab8ff, 0xff8a80).doesNotContain(0xffffff);
    }

    private BufferedImage screenshot(Path page, String name, String... options) throws Exception {
        Path picture = folder.resolve(name);
        List<String> all =
                new ArrayList<>(List.of("--window-size=1400,1800", "--hide-scrollbars", "--screenshot=" + picture));
        all.addAll(Arrays.asList(options));
        browse(page, all.toArray(String[]::new));
        return ImageIO.read(picture.toFile());
    }

    private static Set<Integer> colours(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        return colours;
    }

    /** Headless, and with a name service that knows no host. */
    private String browse(Path page, String... options) throws IOException, InterruptedException {
        Optional<Path> browser = browser();
        assumeTrue(
                browser.isPresent(),
                "no Chromium is installed here (none of " + BROWSERS + " on the PATH), so nothing is drawn");
        List<String> command = new ArrayList<>(List.of(
                browser.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(Arrays.asList(options));
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("the browser has ended")
                .isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static Optional<Path> browser() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(Path::of)
                .flatMap(directory -> BROWSERS.stream().map(directory::resolve))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
