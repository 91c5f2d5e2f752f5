package dev.cascadecleanup.internal.json;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.TableName;
import java.util.Map;

/** Objects of the catalog as JSON objects, the same in every report. Names are as the catalog has them, without quotes. */
public final class CatalogJson {

    private CatalogJson() {}

    public static Map<String, Object> table(TableName name) {
        return JsonWriter.object("schema", name.schema(), "name", name.name());
    }

    public static Map<String, Object> foreignKey(ForeignKey fk) {
        return JsonWriter.object(
                "table",
                table(fk.table().name()),
                "name",
                fk.name(),
                "columns",
                fk.columns(),
                "referencedTable",
                table(fk.referencedTable().name()),
                "referencedColumns",
                fk.definition().referencedColumns());
    }
}
