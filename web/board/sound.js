// Two tones, made here: no file has to come, and none is late.

/** A browser makes no sound before somebody presses something: call this from a button. */
export function chime() {
  const context = new AudioContext();
  const ring = () => {
    for (const [at, pitch] of [[0, 660], [0.35, 880]]) {
      const tone = context.createOscillator();
      const loud = context.createGain();
      const from = context.currentTime + at;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, from);
      loud.gain.exponentialRampToValueAtTime(0.4, from + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.9);
      tone.connect(loud).connect(context.destination);
      tone.start(from);
      tone.stop(from + 1);
    }
  };
  ring();
  return { ring, end: () => { context.close(); return null; } };
}
