# Text from outside, long lists, clock and network
row-before = { $count } før
row-after = { $count } flere
field-large = Teksten fylder { $size }. Her ses kun begyndelsen; hele teksten sendes uændret. Skal den rettes, så gør det i det program, den kommer fra, eller vedhæft den som en fil.
tell-cleaned = { $count ->
    [one] Ét skjult tegn er fjernet fra teksten.
   *[other] { $count } skjulte tegn er fjernet fra teksten.
}
tell-too-large = Teksten fylder { $size } og er for stor at indsætte her. Intet er ændret. Gem den som en fil, og vedhæft filen.
tell-not-shown = { $count ->
    [one] Ét tegn ({ $codes }) kan ikke vises på denne computer. Det sendes uændret.
   *[other] { $count } forskellige tegn ({ $codes }…) kan ikke vises på denne computer. De sendes uændret.
}
tell-hold-goes-on = Computeren har sovet, eller dens ur er stillet. Intet er sendt; fortrydelsestiden fortsætter.
