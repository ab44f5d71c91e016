// What other accounts entered and this phone still keeps: how much, and never what.
"use strict";
self.WaitingNote = (function () {
  function ofOthers(number) {
    return number === 1 ? self.say("1 outcome of another account waits on this phone. It is sent when that account signs in here.")
      : self.say("%(number)s outcomes of other accounts wait on this phone. They are sent when those accounts sign in here.",
        { number });
  }

  // The page for signing in is English.
  function ofAnybody(number) {
    return number === 1 ? "1 outcome waits on this phone. It is sent when the account that entered it signs in here."
      : number + " outcomes wait on this phone. They are sent when the accounts that entered them sign in here.";
  }

  // `account` is who is signed in; without it nobody is.
  async function show(box, account) {
    const number = (await Outbox.all()).filter((item) => !account || !Outbox.isOf(item, account)).length;
    box.textContent = account ? ofOthers(number) : ofAnybody(number);
    box.hidden = !number;
  }

  const atSignIn = document.getElementById("waiting-here");
  if (atSignIn) { show(atSignIn, "").catch(() => null); } // a browser that keeps nothing has nothing that waits
  return { show };
})();
