package dev.cascadecleanup.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The user's own server as a test bed. */
@Command(
        name = "selftest",
        description =
                "Makes a database of its own on the server, migrates, is interrupted, resumes, verifies, proves and undoes there, drops"
                        + " it, and prints what passed, to be pasted into an issue: no name and no data of yours is in it. Touches no other"
                        + " database. Exit code 0 if all passed, 1 if something did not, 2 if no database may be created.",
        footerHeading = "%nExamples:%n",
        footer = {"  selftest --url jdbc:postgresql://db/app --user owner"})
final class SelfTestCommand extends Verb implements Callable<Integer> {

    @Mixin
    private ConnectionOptions connection;

    @Override
    public Integer call() {
        CliDataSource server =
                new Database(command(), connection, new NoFlags()).dataSource(Database.Access.READ_WRITE);
        SelfTest.Report report = watched("testing in a database of its own", () -> SelfTest.run(server));
        print(report.text());
        return report.passed() ? ExitCodes.OK : ExitCodes.NO;
    }

    @Override
    String afterInterruption(Exception e) {
        return "A database named " + SelfTest.PREFIX + "... may remain: drop it. Nothing else was touched.";
    }

    private static final class NoFlags extends PlaceholderFlags {}
}
