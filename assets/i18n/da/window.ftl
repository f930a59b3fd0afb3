## Vinduet
window-title-new = Ny mail
