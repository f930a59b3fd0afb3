# Text from outside, long lists, clock and network
row-before = { $count } before
row-after = { $count } more
field-large = The text is { $size } long. Only its beginning is shown; all of it is sent, unchanged. To change it, do so in the program that it comes from, or attach it as a file.
tell-cleaned = { $count ->
    [one] One hidden character was taken out of the text.
   *[other] { $count } hidden characters were taken out of the text.
}
tell-too-large = The text is { $size } long, too large to be pasted here. Nothing was changed. Save it as a file and attach the file.
tell-not-shown = { $count ->
    [one] One character ({ $codes }) cannot be shown on this computer. It is sent unchanged.
   *[other] { $count } different characters ({ $codes }…) cannot be shown on this computer. They are sent unchanged.
}
tell-hold-goes-on = The computer slept, or its clock was set. Nothing was sent; the undo time goes on.
