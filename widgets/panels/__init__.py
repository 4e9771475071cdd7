"""The side panel with its pages, and the diagram of states."""
