## Vinduet
