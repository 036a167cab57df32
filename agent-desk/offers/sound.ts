import { signal } from "@preact/signals";

const key = "switchboard.offerSound";

/** Whether an offer is heard; kept on this device. */
export const soundOn = signal(localStorage.getItem(key) !== "off");

export function toggleSound(): void {
  soundOn.value = !soundOn.peek();
  localStorage.setItem(key, soundOn.peek() ? "on" : "off");
  if (soundOn.peek()) playOffer();
}

/** Two soft tones. A browser that allows no sound before the page was touched stays silent. */
export function playOffer(): void {
  if (!soundOn.peek() || navigator.userActivation?.hasBeenActive === false) return;
  const audio = new AudioContext();
  const [begin, quiet] = [audio.currentTime, 0.0001];
  for (const [index, frequency] of [660, 880].entries()) {
    const at = begin + index * 0.16;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(quiet, at);
    volume.gain.exponentialRampToValueAtTime(0.06, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(quiet, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
    if (index === 1) tone.onended = () => void audio.close();
  }
}
