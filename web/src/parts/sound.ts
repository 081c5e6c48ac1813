/** Sounds made here, without a file. Browsers keep a page silent until somebody has pressed something on it. */
export type Alarm = 'order' | 'cancelled';

const tunes: Record<Alarm, number[]> = { order: [880, 1175, 880, 1175], cancelled: [440, 330, 247] };
const noteSeconds = 0.18;

let context: AudioContext | undefined;

export function soundAllowed(): boolean {
  context ??= typeof AudioContext === 'undefined' ? undefined : new AudioContext();
  return context?.state === 'running';
}

/** To be called from a press. */
export async function allowSound(): Promise<boolean> {
  soundAllowed();
  await context?.resume();
  return soundAllowed();
}

/** Plays the tune where that is allowed, shakes the phone, and tells whoever listens on the page. */
export function playAlarm(alarm: Alarm): void {
  document.dispatchEvent(new CustomEvent('baedal:alarm', { detail: alarm }));
  if ('vibrate' in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate([200, 100, 200]);
  if (!soundAllowed() || !context) return;
  let at = context.currentTime;
  for (const frequency of tunes[alarm]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + noteSeconds);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + noteSeconds);
    at += noteSeconds;
  }
}
