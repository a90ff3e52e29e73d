// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sorted;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Walks along an array that nobody changes.
 *
 * @param <T> what it holds
 */
final class ArrayIterator<T> implements Iterator<T> {
    private final Object[] elements;
    private int next;

    ArrayIterator(Object[] elements) {
        this.elements = elements;
    }

    @Override
    public boolean hasNext() {
        return next < elements.length;
    }

    @Override
    @SuppressWarnings("unchecked") // who made it knows what the array holds
    public T next() {
        if (next == elements.length) {
            throw new NoSuchElementException();
        }
        return (T) elements[next++];
    }
}
