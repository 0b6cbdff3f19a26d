"""Three days of an outage: what happens, and the command log that it leaves.

On Sunday 9 March 2025 New York goes from EST to EDT at 07:00 UTC, and Los Angeles from PST to PDT at 10:00. What stands
here is all that the bot says, each line in its minute; see screenplay.py.
"""

SCREENPLAY = """
FRIDAY 7 March 2025

    Indu declared at 05:00, and plans for a long night. 13:30 in Kolkata is 08:00 UTC.

06:10  indu types    /incident rota start @dana @eve @chen @ada @indu @bob 8h from 13:30 →
                     The first shift begins *Fri 7 Mar 13:30 IST (08:00 UTC)*. *Command rota of INC-1*, 8 h each
                     … @dana · theirs Fri 00:00–08:00 PST … @bob · theirs Sat 19:00 EST–04:00 EDT …
                     @dana · theirs Sun 00:00 PST–09:00 PDT …
       all  hear     Command rota of INC-1: Dana Scott → Eve Moreau → Chen Wei → Ada Lovelace → Indu Rao → Bob Kahn,
                     8 h each, from 2025-03-07 08:00 UTC on (Indu Rao). First handoff: Dana Scott at 2025-03-07 08:00
                     UTC.
       dana hears    Your shifts in command of *INC-1* Databases down: • Fri 7 Mar 00:00 to 08:00 PST
                     • Sun 9 Mar 00:00 PST to 09:00 PDT [I'll be there] [I can't]
       eve  hears    Your shifts … • Fri 7 Mar 17:00 to Sat 01:00 CET [I'll be there] [I can't]
       chen hears    Your shifts … • Sat 8 Mar 08:00 to 16:00 CST [I'll be there] [I can't]
       ada  hears    Your shifts … • Sat 8 Mar 08:00 to 16:00 GMT [I'll be there] [I can't]
       indu hears    Your shifts … • Sat 8 Mar 21:30 to Sun 05:30 IST [I'll be there] [I can't]
       bob  hears    Your shifts … • Sat 8 Mar 19:00 EST to Sun 04:00 EDT [I'll be there] [I can't]
06:15  dana presses  [I'll be there] → Good: you take it at 2025-03-07 08:00 UTC. …
06:40  bot  is       killed
07:00  dana hears    *Are you up?* … in 1 h: *Fri 7 Mar 00:00 to 08:00 PST*. Indu Rao has command … [I'm up] [I can't]
       indu hears    At *Fri 7 Mar 13:30 IST* Dana Scott takes command … [Extend 1 h] [Write the briefing]
07:04  dana presses  [I'm up] → Good morning. At 2025-03-07 08:00 UTC I offer it to you in the channel.
07:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Dana Scott at 2025-03-07 08:00 UTC
                     @indu, what worries you, and what is to be done first? … [Edit the briefing]
       all  hear     *Changed since 2025-03-07 05:00 UTC* … 8 h each
07:46  indu briefs   The last backup may be partial / Restore the shared databases in id order
08:00  all  hear     @dana, your shift in command … begins 2025-03-07 08:00 UTC. … [I have command] [I can't]
08:01  dana presses  [I have command] → You have command of *INC-1* … Next handoff: @eve at 2025-03-07 16:00 UTC.
       indu hears    You are relieved: Dana Scott has command of *INC-1*. You held it 3 h 1 min.
                     Your next shift is Sat 8 Mar 21:30 to Sun 05:30 IST. Rest well.

    Early: Eve takes over an hour and a half before her shift, which ends when it would have ended.

14:30  dana types    /incident handoff @eve → Command of INC-1 is offered to @eve: it is theirs when they accept.
       all  hear     *Briefing of INC-1* for Eve Moreau, as of 2025-03-07 14:30 UTC …
                     *Objectives so far* Restore the shared databases in id order … [Edit the briefing]
       all  hear     @eve, Dana Scott offers you command … [I have command] [I can't]
14:31  bot  is       killed
14:32  eve  presses  [I have command] → You have command of *INC-1* … Next handoff: @chen at 2025-03-08 00:00 UTC.
                     ⚠ Your turn lasts until Sat 8 Mar 01:00 CET (00:00 UTC): 1 h 27 min longer than your shift.
       dana hears    You are relieved: Eve Moreau has command … You held it 6 h 31 min.
                     Your next shift is Sun 9 Mar 00:00 PST to 09:00 PDT. Rest well.

    Ada can't. Chen sleeps, and after two hours Indu is asked, and gives the shift after it in return.

18:05  ada  presses  [I can't] → I'm asking the others, one at a time. …
       eve  hears    Ada Lovelace can't take command of *INC-1* at Sat 8 Mar 09:00 CET. I'm asking the others, …
       chen hears    Ada Lovelace can't take command … from Sat 8 Mar 16:00 to Sun 00:00 CST. Would you?
                     Ada Lovelace would take yours, Sat 8 Mar 08:00 to 16:00 CST. [I take it] [I can't]
18:30  bot  is       killed
20:05  indu hears    Ada Lovelace can't take command … from Sat 8 Mar 13:30 to 21:30 IST. Would you?
                     Ada Lovelace would take yours, Sat 8 Mar 21:30 to Sun 05:30 IST. [I take it] [I can't]
20:10  indu presses  [I take it] → Thank you: it is yours, from 2025-03-08 08:00 UTC to 2025-03-08 16:00 UTC.
       all  hear     Command rota of INC-1: Indu Rao and Ada Lovelace traded shifts (Indu Rao). …
       ada  hears    Your shifts … • Sat 8 Mar 16:00 to Sun 00:00 GMT [I'll be there] [I can't]

    Late: Chen is up only when paged, and accepts twelve minutes after the boundary.

23:00  chen hears    *Are you up?* … in 1 h: *Sat 8 Mar 08:00 to 16:00 CST*. Eve Moreau has … [I'm up] [I can't]
       eve  hears    At *Sat 8 Mar 01:00 CET* Chen Wei takes command … [Extend 1 h] [Write the briefing]
23:30  chen hears    *Are you up?* At *Sat 8 Mar 08:00 CST*, in 30 min, you take command … [I'm up] [I can't]
23:35  chen hears    *Are you up?* … in 25 min, … [I'm up] [I can't]
23:40  chen hears    *Are you up?* … in 20 min, … [I'm up] [I can't]
23:45  chen hears    *Are you up?* … in 15 min, … [I'm up] [I can't]
       indu hears    Chen Wei, who takes command … at Sat 8 Mar 05:30 IST, has not said yet whether they are up.
                     If they don't accept, I'll ask you first. …
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Chen Wei at 2025-03-08 00:00 UTC
                     @eve, what worries you, and what is to be done first? … [Edit the briefing]
23:47  chen presses  [I'm up] → Good morning. …
23:50  eve  briefs   Chen is new to storage / Watch the replica lag

SATURDAY 8 March 2025

00:00  all  hear     @chen, your shift in command … begins 2025-03-08 00:00 UTC. … [I have command] [I can't]
00:10  eve  hears    Chen Wei has not accepted command … due Sat 8 Mar 01:00 CET. … In 5 min I ask others.
       chen hears    Your shift in command … began Sat 8 Mar 08:00 CST. Eve Moreau waits … [I have command] [I can't]
00:11  bot  is       killed
00:12  chen presses  [I have command] → You have command of *INC-1* … Next handoff: @indu at 2025-03-08 08:00 UTC.
       eve  hears    You are relieved: Chen Wei has command … You held it 9 h 40 min.
                     Your next shift is Sun 9 Mar 17:00 to Mon 01:00 CET. Rest well.

    Chen is silent for two hours, and answers only after others have been asked.

00:30  chen is       silent
02:20  chen hears    *Are you there?* … the last I saw of you there was at Sat 8 Mar 08:20 CST.
                     Without an answer I ask others at Sat 8 Mar 10:30 CST … [I'm here] [On a call]
02:30  indu hears    *INC-1* Databases down (sev2) needs you in command. Chen Wei, who has command, does not answer.
                     Your own shift begins Sat 8 Mar 13:30 IST. [I have command] [I can't]
02:32  bot  is       killed
02:35  indu hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
       chen presses  [I'm here] → Command of INC-1 stays yours. Thank you.

    Chen is silent again, and Bob takes command.

05:25  chen is       silent
       bob  types    /incident command take Chen's line is dead → @chen is asked for command of *INC-1*.
                     If nothing is said for 5 min, I'll tell you, and you may take it.
       chen hears    Bob Kahn asks you for command … Chen's line is dead [Hand over] [I keep it]
05:28  bot  is       killed
05:30  bob  hears    Chen Wei has not answered. You may take command … [Take command now]
05:31  bob  presses  [Take command now] → You have command … Next handoff: @indu at 2025-03-08 08:00 UTC.
       chen hears    You are relieved: Bob Kahn has taken command of *INC-1* (Chen's line is dead).
                     You held it 5 h 19 min. Your next shift is Mon 10 Mar 08:00 to 16:00 CST. Rest well.
       all  hear     Bob Kahn *has taken command* of INC-1: Chen's line is dead

    Bob goes on for an hour longer: the boundary moves, and its steps move with it.

07:00  indu hears    *Are you up?* … in 1 h: *Sat 8 Mar 13:30 to 21:30 IST*. Bob Kahn has … [I'm up] [I can't]
       bob  hears    At *Sat 8 Mar 03:00 EST* Indu Rao takes command … [Extend 1 h] [Write the briefing]
07:02  bob  presses  [Extend 1 h] → … • 2025-03-08 09:00 UTC to 2025-03-08 16:00 UTC @indu · theirs Sat 14:30–21:30 IST
                     • 2025-03-08 16:00 UTC … took it after 6 min: Chen's line is dead
       all  hear     Command rota of INC-1: the next boundary moved by 1 h (Bob Kahn). …
       indu hears    Your shifts … • Sat 8 Mar 14:30 to 21:30 IST [I'll be there] [I can't]
08:00  indu hears    *Are you up?* … in 1 h: *Sat 8 Mar 14:30 to 21:30 IST*. Bob Kahn has … [I'm up] [I can't]
       bob  hears    At *Sat 8 Mar 04:00 EST* Indu Rao takes command … [Extend 1 h] [Write the briefing]
08:03  indu presses  [I'm up] → Good morning. At 2025-03-08 09:00 UTC …
08:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Indu Rao at 2025-03-08 09:00 UTC
                     @bob, … *Objectives so far* Watch the replica lag … [Edit the briefing]
08:46  bot  is       killed
09:00  all  hear     @indu, your shift in command … begins 2025-03-08 09:00 UTC. … [I have command] [I can't]
09:01  indu presses  [I have command] → You have command … Next handoff: @ada at 2025-03-08 16:00 UTC.
       bob  hears    You are relieved: Indu Rao has command … You held it 3 h 30 min.
                     Your next shift is Sat 8 Mar 19:00 EST to Sun 04:00 EDT. Rest well.

    Eve and Chen swap. The bot is down when a step is due, and back within its minute.

12:00  indu types    /incident rota swap @eve @chen → … @chen · theirs Mon 00:00–08:00 CST …
                     @eve · theirs Mon 01:00–09:00 CET …
       all  hear     Command rota of INC-1: Eve Moreau and Chen Wei swapped their next shifts (Indu Rao). …
       eve  hears    Your shifts … • Mon 10 Mar 01:00 to 09:00 CET [I'll be there] [I can't]
       chen hears    Your shifts … • Mon 10 Mar 00:00 to 08:00 CST [I'll be there] [I can't]
15:00  ada  hears    *Are you up?* … in 1 h: *Sat 8 Mar 16:00 to Sun 00:00 GMT*. Indu Rao … [I'm up] [I can't]
       indu hears    At *Sat 8 Mar 21:30 IST* Ada Lovelace takes command … [Extend 1 h] [Write the briefing]
15:01  ada  presses  [I'm up] → Good morning. At 2025-03-08 16:00 UTC …
15:44  bot  is       down
15:45  bot  is       back
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Ada Lovelace at 2025-03-08 16:00 UTC
                     @indu, … [Edit the briefing]
16:00  all  hear     @ada, your shift in command … begins 2025-03-08 16:00 UTC. … [I have command] [I can't]
16:01  ada  presses  [I have command] → You have command … Next handoff: @bob at 2025-03-09 00:00 UTC.
       indu hears    You are relieved: Ada Lovelace has command … You held it 7 h.
                     Your next shift is Mon 10 Mar 21:30 to Tue 05:30 IST. Rest well.

    Off the rota: Ada hands over to Gita, who has it until the next boundary.

19:00  ada  types    /incident handoff @gita → Command of INC-1 is offered to @gita: it is theirs when they accept.
       all  hear     *Briefing of INC-1* for Gita Sharma, as of 2025-03-08 19:00 UTC … [Edit the briefing]
       all  hear     @gita, Ada Lovelace offers you command … [I have command] [I can't]
19:02  bot  is       killed
19:03  gita presses  [I have command] → You have command … Next handoff: @bob at 2025-03-09 00:00 UTC.
       ada  hears    You are relieved: Gita Sharma has command … You held it 3 h 2 min.
                     Your next shift is Mon 10 Mar 08:00 to 16:00 GMT. Rest well.

    Bob does not come. The ladder: the others on the rota, Ada and Indu, who are not rested, last; then Finn, a
    commander, who stands in.

23:00  bob  hears    *Are you up?* … in 1 h: *Sat 8 Mar 19:00 EST to Sun 04:00 EDT*. Gita … [I'm up] [I can't]
       gita hears    At *Sun 9 Mar 05:45 +0545* Bob Kahn takes command … [Extend 1 h] [Write the briefing]
23:30  bob  hears    *Are you up?* At *Sat 8 Mar 19:00 EST*, in 30 min, you take command … [I'm up] [I can't]
23:35  bob  hears    *Are you up?* … in 25 min, … [I'm up] [I can't]
23:40  bob  hears    *Are you up?* … in 20 min, … [I'm up] [I can't]
23:45  bob  hears    *Are you up?* … in 15 min, … [I'm up] [I can't]
       dana hears    Bob Kahn, who takes command … at Sat 8 Mar 16:00 PST, has not said yet whether they are up.
                     If they don't accept, I'll ask you first. …
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Bob Kahn at 2025-03-09 00:00 UTC
                     @gita, … [Edit the briefing]
23:50  bob  hears    *Are you up?* … in 10 min, … [I'm up] [I can't]
23:55  bob  hears    *Are you up?* … in 5 min, … [I'm up] [I can't]

SUNDAY 9 March 2025

00:00  all  hear     @bob, your shift in command … begins 2025-03-09 00:00 UTC. … [I have command] [I can't]
00:10  gita hears    Bob Kahn has not accepted command … due Sun 9 Mar 05:45 +0545. … In 5 min I ask others.
       bob  hears    Your shift in command … began Sat 8 Mar 19:00 EST. Gita Sharma waits … [I have command] [I can't]
00:15  dana hears    *INC-1* Databases down (sev2) needs you in command. Bob Kahn was to take it and has not;
                     Gita Sharma still has it. Your own shift begins Sun 9 Mar 00:00 PST. [I have command] [I can't]
00:20  dana hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
       bot  is       killed
00:25  chen hears    *INC-1* Databases down (sev2) needs you in command. …
                     It would be until Sun 9 Mar 16:00 CST. [I have command] [I can't]
00:30  chen hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
       mona hears    Nobody has relieved Gita Sharma in command … the shift of Bob Kahn began 30 min ago.
                     Asked besides: Dana Scott, Chen Wei.
00:35  eve  hears    *INC-1* Databases down (sev2) needs you in command. …
                     It would be until Sun 9 Mar 09:00 CET. [I have command] [I can't]
00:40  eve  hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
00:45  ada  hears    *INC-1* Databases down (sev2) needs you in command. …
                     It would be until Sun 9 Mar 08:00 GMT. [I have command] [I can't]
00:50  ada  hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
00:55  indu hears    *INC-1* Databases down (sev2) needs you in command. …
                     It would be until Sun 9 Mar 13:30 IST. [I have command] [I can't]
01:00  indu hears    *INC-1* Databases down (sev2) needs you in command. … [I have command] [I can't]
       all  hear     *Nobody has accepted command of INC-1* since 2025-03-09 00:00 UTC. Gita Sharma still has it.
                     Asked so far: Bob Kahn, Dana Scott, Chen Wei, Eve Moreau, Ada Lovelace, Indu Rao. [Take command]
       gita hears    *INC-1* Databases down: you have had command for 5 h 56 min. Your shift ended 1 h ago. …
                     [Hand over] [I go on]
01:05  finn hears    *INC-1* Databases down (sev2) needs you in command. …
                     It would be until Sun 9 Mar 09:00 CET. [I have command] [I can't]
       finn presses  [I have command] → You have command … Next handoff: @dana at 2025-03-09 08:00 UTC.
       gita hears    You are relieved: Finn Olsen has command … You held it 6 h 2 min. Rest well.
       all  hear     Finn Olsen *has command* of INC-1.

    The clocks change in New York at this very minute, and in Los Angeles during Dana's shift.

07:00  dana hears    *Are you up?* … in 1 h: *Sun 9 Mar 00:00 PST to 09:00 PDT*. Finn Olsen … [I'm up] [I can't]
       finn hears    At *Sun 9 Mar 09:00 CET* Dana Scott takes command … [Extend 1 h] [Write the briefing]
07:10  dana presses  [I'm up] → Good morning. At 2025-03-09 08:00 UTC …
07:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Dana Scott at 2025-03-09 08:00 UTC
                     @finn, … [Edit the briefing]
07:59  bot  is       down
08:00  bot  is       back
       all  hear     @dana, your shift in command … begins 2025-03-09 08:00 UTC. … [I have command] [I can't]
08:01  dana presses  [I have command] → You have command … Next handoff: @chen at 2025-03-09 16:00 UTC.
       finn hears    You are relieved: Dana Scott has command … You held it 6 h 56 min. Rest well.
12:25  dana is       silent
14:20  dana hears    *Are you there?* … the last I saw of you there was at Sun 9 Mar 05:20 PDT.
                     Without an answer I ask others at Sun 9 Mar 07:30 PDT … [I'm here] [On a call]
14:22  bot  is       killed
14:25  dana presses  [I'm here] → Command of INC-1 stays yours. Thank you.
15:00  chen hears    *Are you up?* … in 1 h: *Mon 10 Mar 00:00 to 08:00 CST*. Dana Scott … [I'm up] [I can't]
       dana hears    At *Sun 9 Mar 09:00 PDT* Chen Wei takes command … [Extend 1 h] [Write the briefing]
15:05  chen presses  [I'm up] → Good morning. At 2025-03-09 16:00 UTC …
15:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Chen Wei at 2025-03-09 16:00 UTC
                     @dana, … [Edit the briefing]
16:00  all  hear     @chen, your shift in command … begins 2025-03-09 16:00 UTC. … [I have command] [I can't]
       bot  is       killed
16:01  chen presses  [I have command] → You have command … Next handoff: @eve at 2025-03-10 00:00 UTC.
       dana hears    You are relieved: Chen Wei has command … You held it 8 h.
                     Your next shift is Tue 11 Mar 01:00 to 09:00 PDT. Rest well.
23:00  eve  hears    *Are you up?* … in 1 h: *Mon 10 Mar 01:00 to 09:00 CET*. Chen Wei … [I'm up] [I can't]
       chen hears    At *Mon 10 Mar 08:00 CST* Eve Moreau takes command … [Extend 1 h] [Write the briefing]
23:01  eve  presses  [I'm up] → Good morning. At 2025-03-10 00:00 UTC …
23:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Eve Moreau at 2025-03-10 00:00 UTC
                     @chen, … [Edit the briefing]

MONDAY 10 March 2025

00:00  all  hear     @eve, your shift in command … begins 2025-03-10 00:00 UTC. … [I have command] [I can't]
00:01  eve  presses  [I have command] → You have command … Next handoff: @ada at 2025-03-10 08:00 UTC.
       chen hears    You are relieved: Eve Moreau has command … You held it 8 h.
                     Your next shift is Wed 12 Mar 08:00 to 16:00 CST. Rest well.
07:00  ada  hears    *Are you up?* … in 1 h: *Mon 10 Mar 08:00 to 16:00 GMT*. Eve Moreau … [I'm up] [I can't]
       eve  hears    At *Mon 10 Mar 09:00 CET* Ada Lovelace takes command … [Extend 1 h] [Write the briefing]
07:01  ada  presses  [I'm up] → Good morning. At 2025-03-10 08:00 UTC …
07:44  bot  is       killed
07:45  all  hear     *Briefing of INC-1*, *draft* for the handoff to Ada Lovelace at 2025-03-10 08:00 UTC
                     @eve, … [Edit the briefing]
08:00  all  hear     @ada, your shift in command … begins 2025-03-10 08:00 UTC. … [I have command] [I can't]
08:01  ada  presses  [I have command] → You have command … Next handoff: @indu at 2025-03-10 16:00 UTC.
       eve  hears    You are relieved: Ada Lovelace has command … You held it 8 h.
                     Your next shift is Tue 11 Mar 17:00 to Wed 01:00 CET. Rest well.
08:30  bot  is       killed
08:40  ada  types    /incident command → … *Command log* …
                     @bob 2025-03-08 05:31 UTC to 2025-03-08 09:01 UTC (3 h 30 min), took it after 6 min: Chen's …
                     @finn 2025-03-09 01:05 UTC to 2025-03-09 08:01 UTC (6 h 56 min), accepted after 1 h 5 min …
09:00  ada  types    /incident resolve → INC-1 is resolved.
       all  hear     INC-1 is *resolved* after 3 d 4 h (Ada Lovelace).
"""

# Who, from, to, how, how many minutes late, why; whose briefing, and what to do first by it.
COMMAND_LOG = [
    ("indu", "Fri 05:00", "Fri 08:01", "declared", 0, "", None, None),
    ("dana", "Fri 08:01", "Fri 14:32", "accepted", 1, "", "Fri 08:00", "Restore the shared databases in id order"),
    ("eve", "Fri 14:32", "Sat 00:12", "accepted", 2, "", "Fri 14:30", ""),
    ("chen", "Sat 00:12", "Sat 05:31", "accepted", 12, "", "Sat 00:00", "Watch the replica lag"),
    ("bob", "Sat 05:31", "Sat 09:01", "took", 6, "Chen's line is dead", None, None),
    ("indu", "Sat 09:01", "Sat 16:01", "accepted", 1, "", "Sat 09:00", ""),
    ("ada", "Sat 16:01", "Sat 19:03", "accepted", 1, "", "Sat 16:00", ""),
    ("gita", "Sat 19:03", "Sun 01:05", "accepted", 3, "", "Sat 19:00", ""),
    ("finn", "Sun 01:05", "Sun 08:01", "accepted", 65, "", "Sun 00:00", ""),
    ("dana", "Sun 08:01", "Sun 16:01", "accepted", 1, "", "Sun 08:00", ""),
    ("chen", "Sun 16:01", "Mon 00:01", "accepted", 1, "", "Sun 16:00", ""),
    ("eve", "Mon 00:01", "Mon 08:01", "accepted", 1, "", "Mon 00:00", ""),
    ("ada", "Mon 08:01", "Mon 09:00", "accepted", 1, "", "Mon 08:00", ""),
]
