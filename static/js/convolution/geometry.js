// Which input cell meets which kernel cell for which output; the same arithmetic as core/windows/axis.py.

// One dimension (0: height, 1: width) of output o: pairs of kernel position u and input position a.
function along(d, side, o) {
  const found = [];
  if (d.kind === 'adaptive') {
    const start = Math.floor((o * d.size[side]) / d.out[side]);
    const end = Math.ceil(((o + 1) * d.size[side]) / d.out[side]);
    for (let a = start; a < end; a++) found.push({ k: a - start, at: a });
    return found;
  }
  for (let k = 0; k < d.kernel[side]; k++) {
    if (d.kind === 'transposed') {
      const shifted = o + d.before[side] - k * d.dilation[side];
      const at = shifted / d.stride[side];
      if (Number.isInteger(at) && at >= 0 && at < d.size[side]) found.push({ k, at });
    } else {
      found.push({ k, at: o * d.stride[side] + k * d.dilation[side] - d.before[side] });
    }
  }
  return found;
}

// Every pair of an input cell (a, b) and a kernel cell (u, v) that goes into output (i, j), row by row.
export function meetings(d, i, j) {
  const columns = along(d, 1, j);
  return along(d, 0, i).flatMap(({ k: u, at: a }) =>
    columns.map(({ k: v, at: b }) => ({
      i, j, u, v, a, b,
      inside: a >= 0 && a < d.size[0] && b >= 0 && b < d.size[1],
    }))
  );
}

// The whole layer the other way round: by input cell and by kernel cell, every meeting that it takes part in.
export function index(d) {
  const byInput = new Map();
  const byWeight = new Map();
  const put = (map, key, meeting) => (map.get(key) || map.set(key, []).get(key)).push(meeting);
  for (let i = 0; i < d.out[0]; i++) {
    for (let j = 0; j < d.out[1]; j++) {
      for (const meeting of meetings(d, i, j)) {
        put(byInput, `${meeting.a},${meeting.b}`, meeting);
        if (meeting.inside) put(byWeight, `${meeting.u},${meeting.v}`, meeting);
      }
    }
  }
  return { byInput, byWeight };
}
