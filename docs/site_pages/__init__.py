"""What the build of the documentation makes itself: the pages of the API and the theory chapter."""
