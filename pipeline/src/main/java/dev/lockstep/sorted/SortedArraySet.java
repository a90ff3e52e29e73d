// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sorted;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set in its elements' natural order, without nulls. Any thread may read it.
 *
 * @param <E> the elements
 */
@SuppressWarnings("JdkObsolete") // a SortedSet is all that is asked for
public final class SortedArraySet<E extends Comparable<E>> extends AbstractSet<E> implements SortedSet<E> {
    private static final SortedArraySet<?> EMPTY = new SortedArraySet<>(new Object[0]);

    /** Ascending; shared with maps over the same keys. */
    final Object[] elements;

    SortedArraySet(Object[] elements) {
        this.elements = elements;
    }

    /** {@return the set of nothing} */
    @SuppressWarnings("unchecked") // it has no elements of any type
    public static <E extends Comparable<E>> SortedArraySet<E> empty() {
        return (SortedArraySet<E>) EMPTY;
    }

    /** {@return the set of these elements, which may be doubled and in any order} */
    @SuppressWarnings("unchecked") // a set of E in natural order, by its type
    public static <E extends Comparable<E>> SortedArraySet<E> copyOf(Collection<E> elements) {
        if (elements instanceof SortedArraySet<?> same) {
            return (SortedArraySet<E>) same;
        }
        if (elements.isEmpty()) {
            return empty();
        }
        Object[] sorted = elements.toArray();
        if (!isAscending(sorted)) {
            sorted = new TreeSet<>(elements).toArray();
        }
        return new SortedArraySet<>(sorted);
    }

    /** {@return the set with {@code element}} */
    public SortedArraySet<E> with(E element) {
        int index = Keys.find(elements, element);
        return index >= 0 ? this : new SortedArraySet<>(Keys.inserted(elements, -index - 1, element));
    }

    /** {@return the set without {@code element}} */
    public SortedArraySet<E> without(E element) {
        int index = Keys.find(elements, element);
        return index < 0 ? this : new SortedArraySet<>(Keys.removed(elements, index));
    }

    @SuppressWarnings("unchecked") // whoever made the set had elements that compare with each other
    private static boolean isAscending(Object[] elements) {
        for (int i = 1; i < elements.length; i++) {
            if (((Comparable<Object>) elements[i - 1]).compareTo(elements[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // only elements of E were put in
    private E element(int index) {
        return (E) elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }

    @Override
    public boolean contains(@Nullable Object element) {
        return element != null && Keys.find(elements, element) >= 0;
    }

    @Override
    public Iterator<E> iterator() {
        return new ArrayIterator<>(elements);
    }

    @Override
    public void forEach(Consumer<? super E> action) {
        for (int i = 0; i < elements.length; i++) {
            action.accept(element(i));
        }
    }

    @Override
    public Object[] toArray() {
        return Arrays.copyOf(elements, elements.length, Object[].class);
    }

    @Override
    public @Nullable Comparator<? super E> comparator() {
        return null;
    }

    @Override
    public SortedSet<E> subSet(E from, E to) {
        return range(from(from), from(to));
    }

    @Override
    public SortedSet<E> headSet(E to) {
        return range(0, from(to));
    }

    @Override
    public SortedSet<E> tailSet(E from) {
        return range(from(from), elements.length);
    }

    private int from(E element) {
        int index = Keys.find(elements, element);
        return index < 0 ? -index - 1 : index;
    }

    private SortedSet<E> range(int from, int to) {
        return new SortedArraySet<>(Arrays.copyOfRange(elements, from, to));
    }

    @Override
    public E first() {
        return end(0);
    }

    @Override
    public E last() {
        return end(elements.length - 1);
    }

    private E end(int index) {
        if (elements.length == 0) {
            throw new NoSuchElementException();
        }
        return element(index);
    }
}
