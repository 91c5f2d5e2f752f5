package dev.cascadecleanup.packaging;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The texts in the library's source, as its own compiler reads them; {@code ...} stands for what is only known when it runs. */
final class SourceStrings {

    /** Whoever runs a command or a migration reads what these say. Others are for whoever calls a method in a way that it does not take. */
    private static final Set<String> REACH_USERS = Set.of(
            "CascadeException",
            "CliException",
            "EraseBusyException",
            "EraseIncompleteException",
            "EraseRefusedException",
            "NoSuchPersonException",
            "PreviewRefusedException",
            "Problem",
            "ProofRefusedException",
            "SQLException",
            "SQLTimeoutException",
            "SwallowedDeleteException");

    private static final Set<String> LOUD = Set.of("warn", "error");
    private static final String GAP = "...";
    /** A text with less of its own passes on what another one says. */
    private static final int FEWEST_LETTERS = 8;

    /**
     * A message.
     *
     * @param where the file
     * @param text what it says
     */
    record Message(Path where, String text) {

        @Override
        public String toString() {
            return where.getFileName() + ": " + text;
        }
    }

    private final List<Message> messages = new ArrayList<>();
    private final List<String> all = new ArrayList<>();

    private SourceStrings() {}

    static SourceStrings read() {
        SourceStrings strings = new SourceStrings();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
            for (CompilationUnitTree unit : task.parse()) {
                strings.read(unit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return strings;
    }

    /** What exceptions, problems and warnings say. */
    List<Message> messages() {
        return messages;
    }

    /** These and every other text. */
    List<String> all() {
        return all;
    }

    private void read(CompilationUnitTree unit) {
        Path where = Path.of(unit.getSourceFile().toUri());
        Map<String, ExpressionTree> constants = new HashMap<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitVariable(VariableTree variable, Void unused) {
                if (variable.getInitializer() != null
                        && variable.getName().toString().matches("[A-Z][A-Z_]*")) {
                    constants.put(variable.getName().toString(), variable.getInitializer());
                }
                return super.visitVariable(variable, unused);
            }
        }.scan(unit, null);
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitNewClass(NewClassTree created, Void unused) {
                if (REACH_USERS.contains(created.getIdentifier().toString())
                        && !created.getArguments().isEmpty()) {
                    add(created.getArguments().get(0));
                }
                return super.visitNewClass(created, unused);
            }

            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
                if (call.getMethodSelect() instanceof MemberSelectTree select
                        && LOUD.contains(select.getIdentifier().toString())
                        && select.getExpression().toString().replace("()", "").endsWith("console")) {
                    add(call.getArguments().get(0));
                }
                return super.visitMethodInvocation(call, unused);
            }

            @Override
            public Void visitBinary(BinaryTree sum, Void unused) {
                all.add(text(sum, constants));
                return super.visitBinary(sum, unused);
            }

            @Override
            public Void visitLiteral(LiteralTree literal, Void unused) {
                all.add(text(literal, constants));
                return null;
            }

            private void add(ExpressionTree argument) {
                String text = text(argument, constants);
                if (text.chars().filter(Character::isLetter).count() >= FEWEST_LETTERS) {
                    messages.add(new Message(where, text));
                }
            }
        }.scan(unit, null);
    }

    private static String text(Tree tree, Map<String, ExpressionTree> constants) {
        if (tree instanceof LiteralTree literal) {
            return literal.getValue() instanceof String || literal.getValue() instanceof Character
                    ? literal.getValue().toString().replaceAll("\\s+", " ")
                    : GAP;
        }
        if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
            return text(sum.getLeftOperand(), constants) + text(sum.getRightOperand(), constants);
        }
        if (tree instanceof ParenthesizedTree inner) {
            return text(inner.getExpression(), constants);
        }
        if (tree instanceof ConditionalExpressionTree choice) {
            return GAP
                    + text(choice.getTrueExpression(), constants)
                    + GAP
                    + text(choice.getFalseExpression(), constants)
                    + GAP;
        }
        if (tree instanceof IdentifierTree name && constants.containsKey(name.toString())) {
            return text(constants.get(name.toString()), constants);
        }
        if (tree instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree select
                && select.getExpression() instanceof LiteralTree literal) {
            return text(literal, constants).replaceAll("%[,.\\d]*[a-z]", GAP);
        }
        return GAP;
    }
}
