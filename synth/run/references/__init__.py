"""References that no row brought: written by a model before judging, or what most of several answers say."""
