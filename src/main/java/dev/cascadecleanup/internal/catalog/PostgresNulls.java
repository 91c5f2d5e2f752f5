package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads what PostgreSQL knows about NULL in the columns of referencing tables beyond {@code attnotnull}. */
final class PostgresNulls {

    /** The partitions, at any depth, of tables with a foreign key, those themselves too. A partition can be stricter than its table. */
    private static final String PARTITIONS = """
            WITH RECURSIVE part (root, member) AS (
              SELECT DISTINCT c.conrelid, c.conrelid FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND (t.relkind = 'p' OR t.relispartition)
              WHERE c.contype = 'f' AND c.conparentid = 0
              UNION
              SELECT part.root, i.inhrelid FROM part JOIN pg_inherits i ON i.inhparent = part.member)
            """;

    private static final String NO_PARTITIONS = "WITH part (root, member) AS (SELECT 0::oid, 0::oid WHERE false)\n";

    /** Whether a dependency {@code d} is on a function, an operator or a domain that did not come with the server. */
    private static final String OF_SOMEBODY = """
            (d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND d.refobjid >= 16384
              OR d.refclassid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type z WHERE z.oid = d.refobjid AND z.typtype = 'd'))""";

    private static final String DEPENDS =
            "EXISTS (SELECT FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s AND " + OF_SOMEBODY
                    + ')';

    /**
     * Whether the value of a generated column, {@code f}, is made to fit its type, shorter or smaller, by a cast that the catalog does not
     * print: one that is the outermost and implicit, and not from one type to a wider one.
     */
    private static final String NARROWED = """
            (f.adbin::text ~ '^\\{ARRAYCOERCEEXPR' OR f.adbin::text ~ '^\\{FUNCEXPR [^{]*:funcformat 2' AND NOT EXISTS (SELECT FROM pg_cast w
              WHERE w.castfunc = substring(f.adbin::text FROM ':funcid (\\d+)')::oid AND w.castcontext = 'i' AND w.castsource <> w.casttarget))""";

    /** The indexes {@code i} in whose expressions or predicate a generated column, {@code g}, is. */
    private static final String INDEXES_ON_IT = """
            pg_depend d JOIN pg_index i ON i.indexrelid = d.objid
            WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = g.attrelid
            AND d.refobjsubid = g.attnum AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)""";

    /** A function {@code z} whose text can be looked into. */
    private static final String HAS_TEXT =
            "z.prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))";

    /** Whether a function {@code z} is not the server's, and it cannot be told from its declaration that it looks at its arguments alone. */
    private static final String MAY_LOOK_BEYOND = """
            z.oid >= 16384
            AND (z.provolatile = 'v' OR z.prolang NOT IN (SELECT oid FROM pg_language WHERE lanname IN ('internal', 'c')))""";

    /** Whether a function {@code n} came with an extension, which says that it looks at its arguments alone. */
    private static final String OF_AN_EXTENSION = """
            (n.provolatile = 'i' AND EXISTS (SELECT FROM pg_depend x
              WHERE x.classid = 'pg_proc'::regclass AND x.objid = n.oid AND x.deptype = 'e'))""";

    /** The functions {@code z} that a CHECK, an index or a generated column calls, also by an operator or a cast. */
    private static final String CALLED = """
            pg_depend d LEFT JOIN pg_operator e ON d.refclassid = 'pg_operator'::regclass AND e.oid = d.refobjid
            JOIN pg_proc z ON z.oid = CASE WHEN d.refclassid = 'pg_proc'::regclass THEN d.refobjid ELSE e.oprcode END
            CROSS JOIN LATERAL (SELECT %1$s AS text OFFSET 0) b
            WHERE d.classid = '%2$s'::regclass AND d.objid = %3$s
            AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND\s""" + MAY_LOOK_BEYOND;

    /**
     * Of one of them: the texts of the functions that it calls, which PostgreSQL 14 and later can have taken apart, and whether
     * there is one of which the text does not tell all: it has none, or there is the name of another function, or of an operator, of
     * somebody in it; or a value is made one of a domain, which has CHECKs of its own.
     */
    private static final String FUNCTIONS = """
            ARRAY(SELECT b.text FROM %2$s AND %3$s) AS texts,
            EXISTS (SELECT FROM %2$s AND NOT %3$s)
            OR EXISTS (SELECT FROM pg_depend d JOIN pg_type y ON y.oid = d.refobjid AND y.typtype = 'd'
              WHERE d.classid = '%7$s'::regclass AND d.objid = %8$s AND d.refclassid = 'pg_type'::regclass)
            OR EXISTS (SELECT FROM %2$s AND (
                EXISTS (SELECT FROM pg_proc n WHERE n.oid <> z.oid AND %4$s AND NOT %6$s AND position(lower(n.proname) IN lower(b.text)) > 0
                  AND (n.proname !~ '^\\w+$' OR b.text ~* ('\\m' || n.proname || '"?\\s*\\(')))
                OR EXISTS (SELECT FROM pg_operator n WHERE position(n.oprname IN b.text) > 0
                  AND EXISTS (SELECT FROM pg_proc m WHERE m.oid = n.oprcode AND %5$s)))) AS nested""";

    private static final String NO_FUNCTIONS = "ARRAY[]::text[] AS texts, false AS nested";

    private PostgresNulls() {}

    /** PostgreSQL 18 has NOT NULL constraints, which can be NOT VALID, and CHECKs that are NOT ENFORCED, which forbid nothing. */
    static void read(Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        if (there.checks()) {
            checks(flight, major, there, nulls);
        }
        if (there.invalidNotNulls()) {
            flight.forEach(partitions(there) + """
                    SELECT coalesce(part.root, c.conrelid) AS conrelid, a.attname
                    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    LEFT JOIN part ON part.member = c.conrelid
                    WHERE c.contype = 'n' AND NOT c.convalidated
                    """, row -> {
                nulls.notNullNotValid(row.getLong("conrelid"), row.getString("attname"));
            });
        }
        if (there.specialIndexes()) {
            indexes(flight, major, there, nulls);
            functionsOfIndexes(flight, major, there, nulls);
        }
        if (there.partitions()) {
            notNullsOfPartitions(flight, nulls);
            partitioning(flight, nulls);
        }
        if (there.domains()) {
            domains(flight, nulls);
        }
        if (there.generatedColumns()) {
            generatedColumns(flight, major, there, nulls);
            functionsOfGeneratedColumns(flight, major, there, nulls);
        }
    }

    /** Under the name {@code part}: {@link #PARTITIONS}, for queries that ask about other tables, too. */
    static String partitions(PostgresInventory there) {
        return there.partitions() ? PARTITIONS : NO_PARTITIONS;
    }

    /** Whether two NULLs are the same to an index {@code i}. */
    static String sameNulls(int major) {
        return major >= 15 ? "i.indnullsnotdistinct" : "false";
    }

    private static void checks(Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        String functions = there.checksThatDepend() ? functions(major) : NO_FUNCTIONS;
        String enforced = major >= 18 ? "AND c.conenforced" : "";
        flight.forEach("""
                SELECT c.conrelid, c.conname, pg_get_expr(c.conbin, c.conrelid) AS condition, c.convalidated, %s
                FROM pg_constraint c
                WHERE c.contype = 'c' %s
                AND c.conrelid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND conparentid = 0)
                """.formatted(functions, enforced), row -> {
            nulls.check(
                    row.getLong("conrelid"),
                    row.getString("conname"),
                    row.getString("condition"),
                    row.getBoolean("convalidated"),
                    looksBeyond(row));
        });
        if (!there.partitions()) {
            return;
        }
        flight.forEach(
                PARTITIONS + """
                SELECT part.root, c.conname || ' of the partition ' || m.relname AS name, pg_get_expr(c.conbin, c.conrelid) AS condition,
                       c.convalidated, %s AS calls, %s
                FROM part JOIN pg_constraint c ON c.conrelid = part.member AND c.contype = 'c' AND c.coninhcount = 0 %s
                JOIN pg_class m ON m.oid = part.member
                WHERE part.member <> part.root
                """.formatted(SomebodysFunctions.calledBy("pg_constraint", "c.oid"), functions, enforced),
                row -> {
                    nulls.checkOfPartition(
                            row.getLong("root"),
                            row.getString("name"),
                            row.getString("condition"),
                            row.getBoolean("convalidated") && !row.getBoolean("calls"),
                            looksBeyond(row));
                });
    }

    /** What depends on the functions of a generated column: the column itself before PostgreSQL 15, then its expression, {@code f}. */
    private static String generatedBy(int major) {
        return major < 15 ? "pg_class" : "pg_attrdef";
    }

    private static String generated(int major) {
        return major < 15 ? "f.adrelid AND d.objsubid = f.adnum" : "f.oid";
    }

    private static String functions(int major) {
        return functions(major, "pg_constraint", "c.oid");
    }

    private static String functions(int major, String catalog, String oid) {
        String text = major >= 14 ? "coalesce(pg_get_function_sqlbody(z.oid), z.prosrc)" : "z.prosrc";
        return FUNCTIONS.formatted(
                text,
                CALLED.formatted(text, catalog, oid),
                HAS_TEXT,
                MAY_LOOK_BEYOND.replace("z.", "n."),
                MAY_LOOK_BEYOND.replace("z.", "m."),
                OF_AN_EXTENSION,
                catalog,
                oid);
    }

    private static boolean looksBeyond(ResultSet row) throws SQLException {
        return row.getBoolean("nested") || Sql.textArray(row, "texts").stream().anyMatch(NullChecks::looksBeyond);
    }

    private static void doubtIfItLooksBeyond(NullKnowledge nulls, ResultSet row, long table, String what)
            throws SQLException {
        if (looksBeyond(row)) {
            nulls.doubtOfRow(table, what + ", whose function may look at more than the row,");
        }
    }

    private static void notNullsOfPartitions(Flight flight, NullKnowledge nulls) {
        flight.forEach(PARTITIONS + """
                SELECT part.root, a.attname, m.relname
                FROM part JOIN pg_attribute a ON a.attrelid = part.member AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
                JOIN pg_class m ON m.oid = part.member
                WHERE part.member <> part.root AND NOT EXISTS (SELECT FROM pg_attribute r
                  WHERE r.attrelid = part.root AND r.attname = a.attname AND r.attnotnull)
                """, row -> {
            nulls.doubt(
                    row.getLong("root"),
                    row.getString("attname"),
                    "NOT NULL in the partition " + row.getString("relname"));
        });
    }

    /** An index gets a new entry for each change that another index has to follow, whichever column that is (heap-only tuples, manual 65.7). */
    private static void functionsOfIndexes(Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        flight.forEach(
                partitions(there)
                        + """
                SELECT coalesce(part.root, i.indrelid) AS indrelid, x.relname, %s
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN part ON part.member = i.indrelid
                WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND %s
                AND EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = i.indrelid)
                """.formatted(
                                        functions(major, "pg_class", "i.indexrelid"),
                                        DEPENDS.formatted("pg_class", "i.indexrelid")),
                row -> doubtIfItLooksBeyond(
                        nulls, row, row.getLong("indrelid"), "the index " + row.getString("relname")));
    }

    /** It may be worked out again where a trigger may have changed what it is made of. */
    private static void functionsOfGeneratedColumns(
            Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        flight.forEach(
                partitions(there)
                        + """
                SELECT coalesce(part.root, f.adrelid) AS adrelid, g.attname, %s
                FROM pg_attrdef f JOIN pg_attribute g ON g.attrelid = f.adrelid AND g.attnum = f.adnum AND g.attgenerated <> ''
                LEFT JOIN part ON part.member = f.adrelid
                WHERE %s AND EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid = f.adrelid)
                """.formatted(
                                        functions(major, generatedBy(major), generated(major)),
                                        DEPENDS.formatted(generatedBy(major), generated(major))),
                row -> doubtIfItLooksBeyond(
                        nulls, row, row.getLong("adrelid"), "the generated column " + row.getString("attname")));
    }

    /** A unique index can refuse a NULL, where that is a value for it or takes a row into it; and any, what it is calculated from. */
    private static void indexes(Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        flight.forEach(partitions(there) + """
                SELECT coalesce(part.root, i.indrelid) AS indrelid, x.relname, a.attname, a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]) AS key,
                       %s AS same, pg_get_expr(i.indexprs, i.indrelid) AS expressions, pg_get_expr(i.indpred, i.indrelid) AS predicate
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN part ON part.member = i.indrelid
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE (i.indisunique OR i.indisexclusion) AND (%s OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
                AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = i.indrelid AND a.attnum = ANY (c.conkey))
                """.formatted(sameNulls(major), sameNulls(major)), row -> {
            nulls.uniqueIndex(
                    row.getLong("indrelid"),
                    row.getString("relname"),
                    row.getString("attname"),
                    row.getBoolean("key"),
                    row.getBoolean("same"),
                    row.getString("expressions"),
                    row.getString("predicate"));
        });
        flight.forEach(partitions(there) + """
                SELECT coalesce(part.root, i.indrelid) AS indrelid, x.relname, a.attname,
                       pg_get_expr(i.indexprs, i.indrelid) AS expressions, pg_get_expr(i.indpred, i.indrelid) AS predicate,
                       %s AS theirs,
                       EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.confdeltype = 'd' AND c.conrelid = i.indrelid
                               AND a.attnum = ANY (c.conkey)) AS defaulted
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN part ON part.member = i.indrelid
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
                AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = i.indrelid AND a.attnum = ANY (c.conkey))
                """.formatted(DEPENDS.formatted("pg_class", "i.indexrelid")), row -> {
            String index = "the index " + row.getString("relname");
            String expressions = row.getString("expressions");
            String predicate = row.getString("predicate");
            calculation(nulls, row, "indrelid", index, expressions, row.getBoolean("defaulted"));
            calculation(nulls, row, "indrelid", index, predicate, row.getBoolean("defaulted"));
            if (expressions != null
                    && predicate != null
                    && NullChecks.calculates(expressions)
                    && (NullChecks.of(row.getString("attname"), predicate) == NullChecks.Effect.MAY_FAIL
                            || (row.getBoolean("defaulted")
                                    && NullChecks.mentions(row.getString("attname"), predicate)))) {
                // The row comes into the index, and what is in it is worked out for the first time.
                nulls.doubt(row.getLong("indrelid"), row.getString("attname"), "a calculation in " + index);
            }
        });
    }

    /** A partition key can have no place for NULL, or another one, to which the row then moves. */
    private static void partitioning(Flight flight, NullKnowledge nulls) {
        flight.forEach(PARTITIONS + """
                SELECT DISTINCT m.root FROM (
                  SELECT root, member FROM part
                  UNION ALL
                  -- By whose keys the bounds are, where it is a partition itself.
                  SELECT part.root, up.oid FROM part JOIN pg_class t ON t.oid = part.root AND t.relispartition
                  CROSS JOIN LATERAL pg_partition_ancestors(t.oid) AS up (oid) WHERE part.member = part.root) m
                JOIN pg_partitioned_table p ON p.partrelid = m.member AND p.partexprs IS NOT NULL
                WHERE %s
                """.formatted(SomebodysFunctions.calledBy("pg_class", "p.partrelid")), row -> {
            // A row that is changed is compared with the bounds of its partition again.
            nulls.doubtOfRow(
                    row.getLong("root"),
                    "the partitioning, whose function may give another value than when a row was written,");
        });
        flight.forEach(PARTITIONS + """
                SELECT part.root, a.attname, a.attnum = ANY (p.partattrs) AS key, pg_get_expr(p.partexprs, p.partrelid) AS expressions,
                       EXISTS (SELECT FROM pg_inherits h JOIN pg_class r ON r.oid = h.inhrelid
                               WHERE h.inhparent = p.partrelid AND pg_get_expr(r.relpartbound, r.oid) ~ '[(,] *NULL *[,)]') AS null
                FROM part JOIN pg_partitioned_table p ON p.partrelid = part.member JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE (a.attnum = ANY (p.partattrs) OR p.partexprs IS NOT NULL) AND p.partdefid = 0
                AND (p.partstrat IN ('r', 'l') OR (SELECT coalesce(sum(1 / substring(pg_get_expr(r.relpartbound, r.oid) from 'modulus (\\d+)')::numeric), 0)
                                                   FROM pg_inherits h JOIN pg_class r ON r.oid = h.inhrelid WHERE h.inhparent = p.partrelid) < 0.9999)
                """, row -> {
            String expressions = row.getString("expressions");
            // Without a choice in it an expression becomes NULL, or stays what it was (manual, 9.1).
            boolean taken = row.getBoolean("null")
                    && (expressions == null
                            || NullChecks.of(row.getString("attname"), expressions) == NullChecks.Effect.NONE);
            if (isPartitionKey(row) && !taken) {
                nulls.doubt(
                        row.getLong("root"),
                        row.getString("attname"),
                        "the partitioning, in which perhaps no partition takes NULL,");
            }
        });
        // A foreign key of one partition works on it alone, which no row can leave.
        flight.forEach("""
                SELECT DISTINCT c.conrelid, a.attname, a.attnum = ANY (p.partattrs) AS key, pg_get_expr(p.partexprs, p.partrelid) AS expressions
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid AND t.relispartition
                CROSS JOIN LATERAL pg_partition_ancestors(t.oid) AS up (oid)
                JOIN pg_partitioned_table p ON p.partrelid = up.oid AND p.partrelid <> t.oid
                JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum > 0 AND NOT a.attisdropped
                  AND (a.attnum = ANY (p.partattrs) OR p.partexprs IS NOT NULL)
                WHERE c.contype = 'f' AND c.conparentid = 0
                """, row -> {
            if (isPartitionKey(row)) {
                nulls.doubt(
                        row.getLong("conrelid"),
                        row.getString("attname"),
                        "the bounds of the partition, which the row cannot leave,");
            }
        });
        // A row that moves is deleted and inserted, for triggers, and before PostgreSQL 15 for foreign keys too; and
        // where it comes to, more may be asked of it.
        flight.forEach(PARTITIONS + """
                SELECT DISTINCT part.root, a.attname, a.attnum = ANY (p.partattrs) AS key, pg_get_expr(p.partexprs, p.partrelid) AS expressions
                FROM part JOIN pg_partitioned_table p ON p.partrelid = part.member
                JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum > 0 AND NOT a.attisdropped
                  AND (a.attnum = ANY (p.partattrs) OR p.partexprs IS NOT NULL)
                WHERE EXISTS (SELECT FROM part o JOIN pg_trigger t ON t.tgrelid = o.member
                              WHERE o.root = part.root AND %s AND t.tgenabled IN ('O', 'A') AND t.tgtype & 12 <> 0)
                   OR EXISTS (SELECT FROM part o JOIN pg_constraint c ON c.confrelid = o.member AND c.contype = 'f'
                              WHERE o.root = part.root)
                   -- What is inserted is checked by all of them, and generated as the partition has it.
                   OR (SELECT count(*) FROM pg_constraint c WHERE c.conrelid = part.root AND c.contype = 'f' AND c.conparentid = 0) > 1
                   OR EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = part.root AND g.attgenerated <> '')
                   OR EXISTS (SELECT FROM part o JOIN pg_constraint c ON c.conrelid = o.member AND c.contype IN ('c', 'f')
                              WHERE o.root = part.root AND o.member <> o.root AND c.coninhcount = 0 AND c.conparentid = 0)
                   OR EXISTS (SELECT FROM part o JOIN pg_index i ON i.indrelid = o.member
                                AND (i.indisunique OR i.indisexclusion OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
                              WHERE o.root = part.root AND o.member <> o.root
                              AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid))
                   OR EXISTS (SELECT FROM part o JOIN pg_attribute m ON m.attrelid = o.member AND m.attnum > 0 AND m.attnotnull
                                AND NOT m.attisdropped
                              WHERE o.root = part.root AND o.member <> o.root AND NOT EXISTS (SELECT FROM pg_attribute r
                                WHERE r.attrelid = o.root AND r.attname = m.attname AND r.attnotnull))
                """.formatted(OrdinaryTriggers.ARE), row -> {
            if (isPartitionKey(row)) {
                nulls.doubt(
                        row.getLong("root"),
                        row.getString("attname"),
                        "the partitioning, by which the row moves to another partition,");
            }
        });
    }

    private static void domains(Flight flight, NullKnowledge nulls) {
        flight.forEach("""
                WITH RECURSIVE domain (attrelid, attname, typname, typid) AS (
                  SELECT a.attrelid, a.attname, t.typname, t.oid FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                  WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped
                  AND EXISTS (SELECT FROM pg_constraint c
                              WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey))
                  UNION
                  SELECT d.attrelid, d.attname, d.typname, b.oid FROM domain d JOIN pg_type t ON t.oid = d.typid
                  JOIN pg_type b ON b.oid = t.typbasetype AND b.typtype = 'd')
                SELECT d.attrelid, d.attname, d.typname, t.typnotnull,
                       coalesce(replace(pg_get_constraintdef(c.oid), ' NOT VALID', ''), '') AS condition
                FROM domain d JOIN pg_type t ON t.oid = d.typid
                LEFT JOIN pg_constraint c ON c.contypid = t.oid AND c.contype = 'c'
                """, row -> {
            boolean refuses = row.getBoolean("typnotnull")
                    || NullChecks.of("VALUE", row.getString("condition")) != NullChecks.Effect.NONE;
            if (refuses) {
                nulls.doubt(
                        row.getLong("attrelid"), row.getString("attname"), "the domain " + row.getString("typname"));
            }
        });
    }

    private static void generatedColumns(Flight flight, int major, PostgresInventory there, NullKnowledge nulls) {
        flight.forEach(
                partitions(there)
                        + """
                SELECT coalesce(part.root, a.attrelid) AS attrelid, a.attname, g.attname AS generated,
                       pg_get_expr(f.adbin, f.adrelid) AS expression,
                       (g.attnotnull OR y.typtype = 'd' OR EXISTS (SELECT FROM pg_index i
                          WHERE i.indrelid = g.attrelid AND (i.indisunique OR i.indisexclusion) AND g.attnum = ANY (i.indkey))
                        OR EXISTS (SELECT FROM ON_IT AND (i.indisunique OR i.indisexclusion))
                        OR EXISTS (SELECT FROM pg_constraint k
                          WHERE k.conrelid = g.attrelid AND k.contype IN ('c', 'f', 'x') AND g.attnum = ANY (k.conkey))) AS constrained,
                       ARRAY(SELECT concat_ws(' ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid)) FROM ON_IT) AS indexed,
                       %s AS theirs,
                       %s AS narrowed,
                       EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.confdeltype = 'd' AND c.conrelid = a.attrelid
                               AND a.attnum = ANY (c.conkey)) AS defaulted
                FROM pg_attribute g JOIN pg_attrdef f ON f.adrelid = g.attrelid AND f.adnum = g.attnum
                JOIN pg_attribute a ON a.attrelid = g.attrelid AND a.attnum > 0 AND NOT a.attisdropped
                JOIN pg_type y ON y.oid = g.atttypid LEFT JOIN part ON part.member = a.attrelid
                WHERE g.attgenerated <> '' AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey))
                """.replace("ON_IT", INDEXES_ON_IT)
                                .formatted(DEPENDS.formatted(generatedBy(major), generated(major)), NARROWED),
                row -> {
                    String generated = "the generated column " + row.getString("generated");
                    String column = row.getString("attname");
                    String expression = row.getString("expression");
                    boolean narrowed = row.getBoolean("narrowed")
                            && (NullChecks.of(column, expression) != NullChecks.Effect.NONE
                                    || (row.getBoolean("defaulted") && NullChecks.mentions(column, expression)));
                    boolean constrained = row.getBoolean("constrained")
                            || Sql.textArray(row, "indexed").stream().anyMatch(NullChecks::calculates);
                    if (constrained && NullChecks.mentions(column, expression)) {
                        nulls.doubt(row.getLong("attrelid"), column, generated);
                    } else if (narrowed) {
                        nulls.doubt(row.getLong("attrelid"), column, "a calculation in " + generated);
                    } else {
                        calculation(nulls, row, "attrelid", generated, expression, row.getBoolean("defaulted"));
                    }
                });
    }

    /** What the server works out again for a row that loses its reference. */
    private static void calculation(
            NullKnowledge nulls,
            ResultSet row,
            String table,
            String where,
            @Nullable String expression,
            boolean defaulted)
            throws SQLException {
        String column = row.getString("attname");
        if (expression == null) {
            return;
        }
        boolean mentioned = NullChecks.mentions(column, expression) || NullChecks.isOfWholeRow(expression);
        if (mentioned && row.getBoolean("theirs")) {
            nulls.doubt(row.getLong(table), column, "a function in " + where);
        } else if (mentioned
                && (defaulted ? NullChecks.calculates(expression) : NullChecks.mayRaise(column, expression))) {
            nulls.doubt(row.getLong(table), column, "a calculation in " + where);
        }
    }

    private static boolean isPartitionKey(ResultSet row) throws SQLException {
        String expressions = row.getString("expressions");
        return row.getBoolean("key")
                || (expressions != null
                        && (NullChecks.mentions(row.getString("attname"), expressions)
                                || NullChecks.isOfWholeRow(expressions)));
    }
}
