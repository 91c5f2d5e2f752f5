package dev.cascadecleanup.benchmark;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The longest latency in each part of a second, for several ways on one axis, from just before the work began until just after its
 * end. A thick bar under the curves shows from when to when each way was at work.
 */
final class Picture {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 460;
    private static final Duration BEFORE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PART = Duration.ofMillis(50);
    private static final int MOST_PARTS = 160;
    /** Of a pixel; they are half of the file. */
    private static final Pattern MORE_DIGITS = Pattern.compile("(\\d\\.\\d)\\d+");

    private static final double SECOND = 1e9;
    private static final double MILLISECOND = 1e6;
    private static final double LOWEST = 0.04;
    private static final double LOWEST_CURVE = 0.3;
    private static final double NEXT_BAR = 1.5;
    private static final Map<Way, Color> COLORS = new EnumMap<>(Map.of(
            Way.NO_MIGRATION, new Color(0x8c8c8c),
            Way.V060, new Color(0x1a7f37),
            Way.INDEXES, new Color(0x0969da),
            Way.DROP_ADD, new Color(0xd1242f),
            Way.ONE_TRANSACTION, new Color(0xbf6a02),
            Way.NO_ERASURE, new Color(0x8c8c8c),
            Way.ERASE, new Color(0x1a7f37),
            Way.DELETE_AT_ONCE, new Color(0xd1242f)));

    private Picture() {}

    /** Those that have a colour, the most important on top, that is last. */
    static List<Way> ways() {
        return List.of(
                Way.NO_MIGRATION,
                Way.ONE_TRANSACTION,
                Way.DROP_ADD,
                Way.INDEXES,
                Way.V060,
                Way.NO_ERASURE,
                Way.DELETE_AT_ONCE,
                Way.ERASE);
    }

    /** Writes it as SVG. */
    static void write(Path file, String title, Collection<Trial> trials) throws IOException {
        long longest = trials.stream()
                        .mapToLong(trial -> trial.end() - trial.begin())
                        .max()
                        .orElseThrow()
                + 2 * BEFORE.toNanos();
        long part = SHORTEST_PART.toNanos() * (1 + (longest - 1) / (SHORTEST_PART.toNanos() * MOST_PARTS));
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("seconds since the work began")
                .yAxisTitle("longest latency in " + Duration.ofNanos(part).toMillis() + " ms, in ms")
                .build();
        style(chart);
        double bar = LOWEST * NEXT_BAR;
        double highest = 0;
        for (Trial trial : trials) {
            highest = Math.max(highest, addCurve(chart, trial, part));
            addBar(chart, trial, bar);
            bar *= NEXT_BAR;
        }
        chart.getStyler().setYAxisMin(LOWEST).setYAxisMax(Math.pow(10, Math.ceil(Math.log10(highest))));
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.paint(graphics, WIDTH, HEIGHT);
        Files.createDirectories(file.toAbsolutePath().getParent());
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        new SVGProcessor()
                .getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT))
                .writeTo(svg);
        Files.writeString(
                file, MORE_DIGITS.matcher(svg.toString(StandardCharsets.UTF_8)).replaceAll("$1"));
    }

    private static double addCurve(XYChart chart, Trial trial, long part) {
        long from = trial.begin() - BEFORE.toNanos();
        int parts = (int) ((trial.end() + BEFORE.toNanos() - from) / part);
        long[] longest = trial.timeline().longest(from, from + parts * part, parts);
        List<Double> seconds = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        double highest = 0;
        for (int i = 0; i < parts; i++) {
            if (longest[i] > 0) {
                seconds.add((i + 0.5) * part / SECOND - BEFORE.toNanos() / SECOND);
                millis.add(Math.max(LOWEST_CURVE, longest[i] / MILLISECOND));
                highest = Math.max(highest, longest[i] / MILLISECOND);
            }
        }
        XYSeries series = chart.addSeries(trial.way().title(), seconds, millis);
        draw(series, trial.way(), 1.5f);
        return highest;
    }

    private static void addBar(XYChart chart, Trial trial, double height) {
        XYSeries series = chart.addSeries(
                trial.way().title() + ": at work",
                new double[] {0, (trial.end() - trial.begin()) / SECOND},
                new double[] {height, height});
        draw(series, trial.way(), 5f);
        series.setShowInLegend(false);
    }

    private static void draw(XYSeries series, Way way, float width) {
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(COLORS.get(way));
        series.setLineStyle(new BasicStroke(width));
    }

    private static void style(XYChart chart) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisLogarithmicDecadeOnly(true)
                .setYAxisDecimalPattern("#,##0.##")
                .setPlotGridLinesColor(new Color(0xe5e5e5))
                .setPlotGridLinesStroke(new BasicStroke(0.5f))
                .setAxisTickLabelsFont(font)
                .setAxisTitleFont(font);
        chart.getStyler()
                .setBaseFont(font)
                .setChartTitleFont(font.deriveFont(Font.BOLD, 14f))
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setLegendFont(font)
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
    }
}
