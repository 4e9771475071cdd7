"""The main screen: composing, presenting and refreshing."""
