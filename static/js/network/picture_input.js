// @ts-check
// Pointer, touch and keys on a network's picture: they choose a place, look closer at it and leave it.

import { cellIn, contains, hit, namedAt } from './layout.js';
import { layerAt } from './model.js';
import { moveByKey } from './place_keys.js';
import { closerOf } from './zoom.js';

/** @typedef {import('./model.js').Place} Place */

export class PictureInput {
  /** @param {import('./picture.js').Picture} picture */
  constructor(picture) {
    this.picture = picture;
    const { stage } = picture;
    stage.addEventListener('pointermove', (event) => this.move(event));
    stage.addEventListener('pointerleave', () => this.leave());
    stage.addEventListener('click', (event) => {
      if (event.detail < 2 || !picture.isCloser) this.click(this.placeAt(event)); // a double click is one
    });
    stage.addEventListener('keydown', (event) => this.press(event));
    picture.back.addEventListener('keydown', (event) => event.key === 'Escape' && this.press(event));
    stage.addEventListener('blur', () => {
      if (!picture.isCloser && picture.placeStays) picture.look(null, false);
    });
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerType === 'touch') return;
    const place = this.placeAt(event);
    this.nameAt(event);
    if (place) this.picture.look(place, false);
    else this.leave();
  }

  leave() {
    const { picture } = this;
    if (!picture.placeStays && !picture.isCloser) picture.look(null, false);
  }

  /** @param {Place | null} place */
  click(place) {
    const { picture } = this;
    picture.stage.focus({ preventScroll: true });
    if (picture.isCloser) return place ? picture.look(place, true) : picture.zoom(false);
    if (!place) return picture.look(null, false);
    const again = picture.place && place.layer === picture.place.layer && place.item === picture.place.item;
    picture.look(place, true);
    if (again) picture.zoom(true);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { picture } = this;
    if (!picture.reading || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = moveByKey(picture.reading, picture.place, event.key, picture.isCloser);
    if (place) picture.look(place, true);
    else if (event.key === 'Enter' || event.key === ' ') picture.zoom(!picture.isCloser);
    else if (event.key === 'Escape' && picture.isCloser) picture.zoom(false);
    else if (event.key === 'Escape' && picture.place) picture.look(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Shows the whole of a name that is cut, under the pointer. @param {MouseEvent} event */
  nameAt(event) {
    const { layout, canvas, painter, isCloser } = this.picture;
    const { x, y } = this.pointAt(event);
    const named = layout && !isCloser && namedAt(layout, x, y);
    const whole = named ? painter.cutName(named) : '';
    if (canvas.title !== whole) canvas.title = whole;
  }

  /** @param {MouseEvent} event @returns {Place | null} */
  placeAt(event) {
    const { reading, layout, place, isCloser } = this.picture;
    const { x, y } = this.pointAt(event);
    if (!reading || !layout) return null;
    if (!isCloser || !place) return hit(layout, x, y);
    const { box } = closerOf(reading, place, layout.width, layout.height);
    return contains(box, x, y) ? { ...place, cell: cellIn(box, layerAt(reading, place.layer), x, y) } : null;
  }

  /** @param {MouseEvent} event */
  pointAt(event) {
    const { left, top } = this.picture.canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
