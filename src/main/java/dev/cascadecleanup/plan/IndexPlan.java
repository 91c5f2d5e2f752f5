package dev.cascadecleanup.plan;

import java.util.List;

/**
 * The indexes that the deletes of a plan lack.
 *
 * @param missing those that can be built
 * @param remarks what an operator should know of the rest: foreign keys that no index can serve, invalid indexes that somebody else's
 *     build has left, and too little room
 * @param closedSchemas the schemas of these tables in which the role may create nothing, so that it can build no index there
 */
public record IndexPlan(List<MissingIndex> missing, List<String> remarks, List<String> closedSchemas) {

    /** Every delete finds its rows. */
    public static final IndexPlan NONE = new IndexPlan(List.of(), List.of(), List.of());

    public IndexPlan {
        missing = List.copyOf(missing);
        remarks = List.copyOf(remarks);
        closedSchemas = List.copyOf(closedSchemas);
    }
}
