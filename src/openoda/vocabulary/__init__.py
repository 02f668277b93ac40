"""Words that every other room uses: classes of data, refusals, progress, labels of figures."""
