"""An index of names in memory: found by what somebody typed, typos and pinyin included."""
