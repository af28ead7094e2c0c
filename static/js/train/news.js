// @ts-check
// Tells a tab below the chart when the run has more of what it shows: a test, a checkpoint, a reading.

import { clock } from '../lib/clock.js';
import { drawing } from '../lib/lifecycle.js';
import { follow, latest } from './latest_run.js';
import { isNews, Seldom } from './news_model.js';

const OFTEN_MS = 1000; // a run of small epochs tests many times a second

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<import('./payload.js').NewsData>} */ { data }) =>
    new News(data),
  update: (news, { data, setStateValue }) => {
    news.data = data;
    news.tell = setStateValue;
    news.look();
  },
  end: (news) => news.end(),
});

class News {
  /** @param {import('./payload.js').NewsData} data */
  constructor(data) {
    this.data = data;
    /** @type {(name: string, value: unknown) => void} */
    this.tell = () => {};
    this.calls = 0;
    this.seldom = new Seldom(
      () => {
        this.calls += 1;
        this.tell('calls', this.calls);
      },
      OFTEN_MS,
      clock,
    );
    this.look = () => {
      if (isNews(this.data, latest.header)) this.seldom.call();
    };
    this.unfollow = follow(this.look);
  }

  end() {
    this.unfollow();
    this.seldom.end();
  }
}
