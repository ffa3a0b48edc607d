// Example 1 under a reader's hands: the formulas above this line are printed from the theorems' own.
{
  const svg = document.getElementById("explorer-plot");
  const sliders = [...document.querySelectorAll("#explorer input[type=range]")];
  const WIDTH = 520, HEIGHT = 360, LEFT = 48, RIGHT = 148, TOP = 14, BOTTOM = 44, POINTS = 160;
  const LOW = -4, HIGH = 0, FLOOR = -4, CEILING = 1; // ends of the axes, powers of ten
  const CURVES = [
    ["t7", "published", "T7, published"], ["t4", "aware", "T4, one view"], ["t5", "aware dotted", "T5, mean"],
    ["augmented_risk", "actual", "actual, one view"], ["mean_risk", "actual dotted", "actual, mean"],
  ];
  const raised = (e) => [...String(e)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
  const SAID = {
    degree: (v) => (v < 1 ? "linear" : v < 2 ? "affine" : `degree ${v}`),
    low: (v) => `U(${v}, 1]`,
    suboptimality: (v) => v.toPrecision(3),
    N: (v) => `2${raised(Math.log2(v))}`,
  };

  const value = (slider) => (slider.dataset.base ? Math.pow(Number(slider.dataset.base), Number(slider.value)) : Number(slider.value));
  const brief = (v) => (Number.isFinite(v) ? String(Number(v.toPrecision(4))) : "does not apply");
  const across = (e) => LEFT + ((e - LOW) / (HIGH - LOW)) * (WIDTH - LEFT - RIGHT);
  const down = (e) => HEIGHT - BOTTOM - ((Math.min(Math.max(e, FLOOR), CEILING) - FLOOR) / (CEILING - FLOOR)) * (HEIGHT - TOP - BOTTOM);

  function add(tag, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, what] of Object.entries(attributes)) element.setAttribute(name, what);
    if (text !== undefined) element.textContent = text;
    svg.append(element);
  }

  function chosen() {
    const found = Object.fromEntries(sliders.map((slider) => [slider.name, value(slider)]));
    found.k = Math.min(found.k, found.D); // kept coordinates are some of the D
    return found;
  }

  function axes() {
    add("rect", { class: "vacuous", x: LEFT, y: TOP, width: WIDTH - LEFT - RIGHT, height: down(0) - TOP });
    add("text", { x: WIDTH - RIGHT - 6, y: TOP + 16, "text-anchor": "end", class: "trivial" }, "vacuous: above the best constant");
    for (let e = LOW; e <= HIGH; e++) {
      add("line", { class: "axis", x1: across(e), x2: across(e), y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM + 5 });
      add("text", { x: across(e), y: HEIGHT - BOTTOM + 19, "text-anchor": "middle" }, e < 0 ? `10${raised(e)}` : "1");
    }
    for (let e = FLOOR; e <= CEILING; e++) {
      add("line", { class: "axis", x1: LEFT - 5, x2: LEFT, y1: down(e), y2: down(e) });
      add("text", { x: LEFT - 8, y: down(e) + 4, "text-anchor": "end" }, e < 0 ? `10${raised(e)}` : String(10 ** e));
    }
    add("path", { class: "axis", d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}` });
    add("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "suboptimality ε");
  }

  function curve(points, name) {
    let path = "", end = null;
    for (const [e, numbers] of points) {
      const v = numbers[name];
      if (!Number.isFinite(v) || v > 10 ** CEILING) { continue; }
      path += `${path ? "L" : "M"}${across(e).toFixed(2)} ${down(Math.log10(Math.max(v, 1e-9))).toFixed(2)}`;
      end = down(Math.log10(Math.max(v, 1e-9)));
    }
    return [path, end];
  }

  function draw(at) {
    svg.replaceChildren();
    axes();
    const points = [];
    for (let i = 0; i <= POINTS; i++) {
      const e = LOW + ((HIGH - LOW) * i) / POINTS;
      points.push([e, example_one({ ...at, suboptimality: Math.pow(10, e) })]);
    }
    add("path", { class: "agnostic", d: `M${LEFT} ${down(0)}H${WIDTH - RIGHT}`, "data-curve": "agnostic" });
    const labels = [[down(0), "agnostic", "any class-agnostic"]];
    for (const [name, look, text] of CURVES) {
      const [path, end] = curve(points, name);
      if (!path) continue;
      add("path", { class: look, d: path, "data-curve": name });
      labels.push([end, look, text]);
    }
    const x = across(Math.log10(at.suboptimality));
    add("line", { class: "here", x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM });
    let last = -Infinity;
    for (const [y, look, text] of labels.sort((a, b) => a[0] - b[0])) {
      last = Math.max(y, last + 17);
      add("text", { x: WIDTH - RIGHT + 6, y: last + 4, class: `${look} label` }, text);
    }
  }

  function say(at, numbers) {
    for (const cell of document.querySelectorAll("#explorer [data-name]")) {
      const v = numbers[cell.dataset.name];
      cell.textContent = brief(v);
      cell.dataset.value = String(v);
      const level = cell.dataset.trivial;
      cell.nextElementSibling.textContent = !level || !Number.isFinite(v) ? "" : v >= Number(level) ? "vacuous" : "below";
    }
    const gone = at.dim < numbers.head_size;
    document.getElementById("explorer-said").textContent = gone
      ? `The class has ${numbers.head_size} functions that augmentation leaves alone, more than d = ${at.dim}: some minimiser knows nothing of the label.`
      : `The class has ${numbers.rank} functions, ${numbers.head_size} of them left alone by augmentation; κ at d + 1 is ${brief(numbers.cut_retained)}.`;
  }

  function update() {
    const at = chosen();
    for (const slider of sliders) {
      const text = (SAID[slider.name] ?? String)(at[slider.name]);
      slider.setAttribute("aria-valuetext", text);
      slider.parentElement.querySelector("output").textContent = text;
    }
    draw(at);
    say(at, example_one(at));
  }

  document.getElementById("explorer").addEventListener("input", update);
  update();
}
