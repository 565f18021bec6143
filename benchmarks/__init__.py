"""What each hot path costs beside the bare library, as ratios from one run."""
