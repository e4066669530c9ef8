package dev.eightbells.quality.dqdl;

import java.io.Serializable;

/**
 * Where something begins in a rules file.
 *
 * @param line counted from 1
 * @param column counted from 1, in characters
 */
public record Place(int line, int column) implements Serializable {
    @Override
    public String toString() {
        return line + ":" + column;
    }
}
