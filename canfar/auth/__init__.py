"""Who one is: certificates, tokens, and how a client chooses between them."""
