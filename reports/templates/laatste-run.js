// Says whether the newest run was held or whether this is another release than the newest. Reads one file, shows one line.
(function () {
  "use strict";
  var body = document.body;
  var box = document.getElementById("melding");
  var months = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

  function day(text) {
    var parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(text || "");
    return parts ? Number(parts[3]) + " " + months[Number(parts[2]) - 1] + " " + parts[1] : "onbekende datum";
  }

  function say(title, text, quiet) {
    box.querySelector("strong").textContent = title;
    box.querySelector("span").textContent = text;
    box.classList.toggle("stil", quiet);
    box.hidden = false;
  }

  function tell(latest) {
    var here = body.dataset.release;
    var held = ["tegengehouden", "controlefout", "onleesbaar", "fout", "afgebroken"];
    if (latest.uitkomst === "teruggedraaid") {
      say("Correctie.", "Op " + day(latest.tijd) + " is een eerdere release teruggezet. " + latest.reden, false);
    } else if (held.indexOf(latest.uitkomst) !== -1) {
      say("De nieuwste run is op " + day(latest.tijd) + " niet gepubliceerd.",
          "U leest de vorige release. Reden: " + latest.reden, false);
    }
    if (latest.huidige_release && latest.huidige_release !== here) {
      say("Dit is niet de nieuwste release.", "De huidige release is " + latest.huidige_release + ". " +
          (latest.uitkomst === "teruggedraaid" ? "Op " + day(latest.tijd) + " is zij teruggezet." : ""), false);
    }
  }

  function unknown() {
    say("Status van de laatste run onbekend.", "Dat verandert niets aan de cijfers op deze pagina.", true);
  }

  if (location.protocol === "file:") { unknown(); return; } // a browser reads no files from disk for a page

  fetch(body.dataset.laatste, { cache: "no-store" })
    .then(function (answer) {
      if (!answer.ok) { throw new Error("geen antwoord"); }
      return answer.json();
    })
    .then(tell)
    .catch(unknown);
})();
