package dev.streamipc.serial.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at no annotation, so that only the protocol says how a value is written; and puts a value of a sealed type into
 * an object with its logical name.
 */
final class FamilyIntrospector extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    private final transient SharedNames names;

    FamilyIntrospector(SharedNames names) {
        this.names = names;
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass annotated, JavaType base) {
        Class<?> type = annotated.getRawType();
        boolean isFamily = type.isSealed() && !type.isEnum() && type.getModule() != Object.class.getModule();
        if (!isFamily) {
            return null;
        }
        return new StdTypeResolverBuilder()
                .init(JsonTypeInfo.Id.CUSTOM, new LogicalNames(names, base))
                .inclusion(JsonTypeInfo.As.WRAPPER_OBJECT);
    }

    /** Turns classes into logical names and back; a name that is not shared, or not of the family, is refused. */
    private static final class LogicalNames extends TypeIdResolverBase {

        private final SharedNames names;
        private final JavaType family;

        LogicalNames(SharedNames names, JavaType family) {
            this.names = names;
            this.family = family;
        }

        @Override
        public String idFromValue(Object value) {
            Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
            String name = names.byClass().get(type);
            if (name == null) {
                throw new IllegalArgumentException("class is not shared by both sides: class=" + type.getName());
            }
            return name;
        }

        @Override
        public String idFromValueAndType(@Nullable Object value, Class<?> suggested) {
            return idFromValue(Objects.requireNonNull(value, "value"));
        }

        @Override
        public @Nullable JavaType typeFromId(DatabindContext context, String name) {
            Class<?> type = names.byName().get(name);
            boolean fits = type != null && family.getRawClass().isAssignableFrom(type);
            return fits ? context.constructSpecializedType(family, type) : null;
        }

        @Override
        public JsonTypeInfo.Id getMechanism() {
            return JsonTypeInfo.Id.CUSTOM;
        }
    }
}
