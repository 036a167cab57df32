let own = "";
let before = "";

/** Tells of so many unread messages, by a sound too where `aloud`. */
export function alertTo(count: number, aloud: boolean): void {
  showInTitle(count);
  if (aloud) ring();
}

/** In the page's title; 0 gives the page its title back. */
function showInTitle(count: number): void {
  if (document.title !== own) before = document.title;
  own = count > 0 ? `(${count}) ${before}` : before;
  if (document.title !== own) document.title = own;
}

/** Two short notes, softly. A browser that allows no sound before the first touch stays silent. */
function ring(): void {
  const sound = new AudioContext();
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const begins = sound.currentTime + index * 0.12;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.06, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.2);
    tone.connect(volume).connect(sound.destination);
    tone.start(begins);
    tone.stop(begins + 0.2);
  }
  setTimeout(() => void sound.close(), 1_000);
}
