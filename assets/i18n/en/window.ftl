## The window
window-title-new = New mail
