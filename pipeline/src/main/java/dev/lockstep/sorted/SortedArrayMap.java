// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sorted;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in its keys' natural order, without nulls; another one is made by {@link #with} and
 * {@link #without}, in time linear in the size. Any thread may read it.
 *
 * @param <K> the keys
 * @param <V> the values
 */
@SuppressWarnings("JdkObsolete") // a SortedMap is all that is asked for
public final class SortedArrayMap<K extends Comparable<K>, V> extends AbstractMap<K, V> implements SortedMap<K, V> {
    private static final SortedArrayMap<?, ?> EMPTY =
            new SortedArrayMap<String, Object>(SortedArraySet.<String>empty(), new Object[0]);

    private final SortedArraySet<K> keys;
    /** In the order of the keys. */
    private final Object[] values;

    private SortedArrayMap(SortedArraySet<K> keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    /** {@return the map of nothing} */
    @SuppressWarnings("unchecked") // it has no entries of any type
    public static <K extends Comparable<K>, V> SortedArrayMap<K, V> empty() {
        return (SortedArrayMap<K, V>) EMPTY;
    }

    /** {@return the same entries; {@code map} must be in its keys' natural order} */
    @SuppressWarnings("unchecked") // a map of K and V, by its type
    public static <K extends Comparable<K>, V> SortedArrayMap<K, V> copyOf(SortedMap<K, V> map) {
        if (map instanceof SortedArrayMap<?, ?> same) {
            return (SortedArrayMap<K, V>) same;
        }
        if (map.isEmpty()) {
            return empty();
        }
        return new SortedArrayMap<K, V>(
                new SortedArraySet<K>(map.keySet().toArray()), map.values().toArray());
    }

    /** {@return a value for each key} */
    public static <K extends Comparable<K>, V> SortedArrayMap<K, V> of(SortedArraySet<K> keys, Function<K, V> value) {
        Object[] values = new Object[keys.size()];
        int index = 0;
        for (K key : keys) {
            values[index++] = value.apply(key);
        }
        return new SortedArrayMap<K, V>(keys, values);
    }

    /** {@return the first value for the first key, and so on; one for each} */
    public static <K extends Comparable<K>, V> SortedArrayMap<K, V> of(SortedArraySet<K> keys, List<V> values) {
        if (keys.size() != values.size()) {
            throw new IllegalArgumentException(keys.size() + " keys and " + values.size() + " values");
        }
        return new SortedArrayMap<K, V>(keys, values.toArray());
    }

    /** {@return the map with this value for {@code key}} */
    public SortedArrayMap<K, V> with(K key, V value) {
        int index = Keys.find(keys.elements, key);
        if (index >= 0) {
            return new SortedArrayMap<K, V>(keys, Keys.replaced(values, index, value));
        }
        int at = -index - 1;
        return new SortedArrayMap<K, V>(
                new SortedArraySet<K>(Keys.inserted(keys.elements, at, key)), Keys.inserted(values, at, value));
    }

    /** {@return the map without {@code key}} */
    public SortedArrayMap<K, V> without(K key) {
        int index = Keys.find(keys.elements, key);
        return index < 0 ? this : new SortedArrayMap<K, V>(keys.without(key), Keys.removed(values, index));
    }

    @SuppressWarnings("unchecked") // only values of V were put in
    private V value(int index) {
        return (V) values[index];
    }

    @SuppressWarnings("unchecked") // only keys of K were put in
    private K key(int index) {
        return (K) keys.elements[index];
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return keys.contains(key);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        int index = key == null ? -1 : Keys.find(keys.elements, key);
        return index < 0 ? null : value(index);
    }

    @Override
    public V getOrDefault(@Nullable Object key, V otherwise) {
        V value = get(key);
        return value == null ? otherwise : value;
    }

    @Override
    public Set<K> keySet() {
        return keys;
    }

    @Override
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<V> iterator() {
                return new ArrayIterator<>(values);
            }
        };
    }

    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (int i = 0; i < values.length; i++) {
            action.accept(key(i), value(i));
        }
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return values.length;
            }

            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Iterator<>() {
                    private int next;

                    @Override
                    public boolean hasNext() {
                        return next < values.length;
                    }

                    @Override
                    public Map.Entry<K, V> next() {
                        if (next == values.length) {
                            throw new NoSuchElementException();
                        }
                        Map.Entry<K, V> entry = Map.entry(key(next), value(next));
                        next++;
                        return entry;
                    }
                };
            }
        };
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public SortedMap<K, V> subMap(K from, K to) {
        return range(from(from), from(to));
    }

    @Override
    public SortedMap<K, V> headMap(K to) {
        return range(0, from(to));
    }

    @Override
    public SortedMap<K, V> tailMap(K from) {
        return range(from(from), values.length);
    }

    private int from(K key) {
        int index = Keys.find(keys.elements, key);
        return index < 0 ? -index - 1 : index;
    }

    private SortedMap<K, V> range(int from, int to) {
        return new SortedArrayMap<K, V>(
                new SortedArraySet<K>(Arrays.copyOfRange(keys.elements, from, to)),
                Arrays.copyOfRange(values, from, to));
    }

    @Override
    public K firstKey() {
        return keys.first();
    }

    @Override
    public K lastKey() {
        return keys.last();
    }
}
