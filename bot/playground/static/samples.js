// A sample picture to send, drawn here so that nothing has to be looked for on a disk.

function paintHills(canvas) {
  const pen = canvas.getContext("2d");
  const hue = Math.floor(Math.random() * 360);
  const sky = pen.createLinearGradient(0, 0, 0, canvas.height);
  sky.addColorStop(0, `hsl(${hue} 80% 72%)`);
  sky.addColorStop(1, `hsl(${(hue + 50) % 360} 90% 86%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "rgba(255, 255, 255, 0.85)";
  pen.beginPath();
  pen.arc(canvas.width * (0.25 + Math.random() * 0.5), 86, 34, 0, 7);
  pen.fill();
  for (let layer = 0; layer < 4; layer += 1) {
    pen.fillStyle = `hsl(${(hue + 190 + layer * 12) % 360} ${32 + layer * 7}% ${58 - layer * 11}%)`;
    pen.beginPath();
    pen.moveTo(0, canvas.height);
    const phase = Math.random() * 6;
    for (let x = 0; x <= canvas.width; x += 8)
      pen.lineTo(x, 150 + layer * 38 + Math.sin(x / (70 - layer * 8) + phase) * (26 - layer * 4));
    pen.lineTo(canvas.width, canvas.height);
    pen.fill();
  }
}

/** A small landscape as the body of a photo deed: base64, without the address in front. */
export async function samplePhoto() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 320 });
  paintHills(canvas);
  return { data: canvas.toDataURL("image/png").split(",")[1] };
}

/** A chosen file's content as base64. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
