"""What a session keeps, one idea a module. Nothing else in the app touches `st.session_state`.

`keys`              what the widgets are called
`session`           everything that a session keeps of its own, as one typed object under one key
`document`          an experiment that is worked on, its steps there and back, and what was typed into it
`current`           the experiment on screen and the cell that is chosen in it
`history`           commit, undo, redo
`edits`             what a switch, a number or an example makes of the experiment
`drafts`            texts that were typed and cannot be drawn
`table_editors`     what was typed into the tables
`widgets`           how a widget and the experiment agree
`address`           the experiment in the address, what a class link hides, and what there is to tell about it
`heard`             what the address says, and whether a browser has heard it
`comparison`        what the experiment is compared with, and the one that was pinned
`files`             files that were opened, and files that took their time
`numbers_to_check`  the text of Check my numbers
`resuming`          what was done while the server was lost
`recovery`          a browser's message that nobody can read
`undisturbed`       callbacks that come to their end whatever comes meanwhile
`cards`             which card of a lesson is open, and the document that it works on
`card_address`      the open card in the address, and what it shows
`progress`          what is done on the cards, and what help was asked for
`teach`             the training that is watched on Teach it, and what is open there
`language`          the tiny language that is learned on Teach it
`practise`          exercises and puzzles: which is open, what was typed, what was solved
`work`              a worksheet that is worked on, made or marked, and its two parts of the address
`tour`              which step of the tour is shown
"""
