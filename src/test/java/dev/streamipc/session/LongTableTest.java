package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table does what the JDK's does, whatever is added and removed. */
class LongTableTest {

    private static final int STEPS = 300_000;

    @ParameterizedTest
    @ValueSource(ints = {8, 40, 3_000, 20_000})
    void behavesLikeAMap(int keys) {
        Random random = new Random(keys);
        LongTable<Long> table = new LongTable<>();
        Map<Long, Long> map = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            long key = random.nextInt(keys) * (step % 2 == 0 ? 1L : Long.MIN_VALUE + 1);
            if (random.nextBoolean()) {
                assertEquals(map.putIfAbsent(key, key) == null, table.add(key, key));
            } else {
                assertEquals(map.remove(key), table.remove(key));
            }
            if (random.nextInt(keys) == 0) {
                table.rest();
            }
            assertEquals(map.get(key), table.get(key));
            assertEquals(map.size(), table.size());
        }

        Set<Long> seen = new HashSet<>();
        table.forEach(seen::add);
        assertEquals(map.keySet(), seen);
    }
}
