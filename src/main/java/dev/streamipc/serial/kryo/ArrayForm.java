package dev.streamipc.serial.kryo;

/** An array of objects. */
final class ArrayForm extends Form {

    private final Class<?> componentType;
    private final Form element;

    ArrayForm(Class<?> componentType, Form element) {
        this.componentType = componentType;
        this.element = element;
    }

    @Override
    void write(Sink out, Object value) {
        out.enter();
        Object[] array = (Object[]) value;
        out.count(array.length);
        for (Object each : array) {
            element.writeNullable(out, each);
        }
        out.leave();
    }

    @Override
    Object read(Source in) {
        in.enter();
        Object[] array = Elements.read(in, element, componentType);
        in.leave();
        return array;
    }
}
