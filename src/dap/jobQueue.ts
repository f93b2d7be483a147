// One thing at a time, in the order of arrival: requests of the client and reports of the program.

interface Job {
  readonly id: number | undefined;
  readonly run: () => Promise<void>;
  readonly cancelled: () => void;
}

export class JobQueue {
  readonly #jobs: Job[] = [];
  #isBusy = false;

  /** Runs `run` after everything that was added before. It must not reject. */
  add(run: () => Promise<void>, id?: number, cancelled: () => void = () => undefined): void {
    this.#jobs.push({ id, run, cancelled });
    if (!this.#isBusy) void this.#work();
  }

  /** Takes out a job that has not begun; tells whether there was one. */
  cancel(id: number): boolean {
    const index = this.#jobs.findIndex((job) => job.id === id);
    const [job] = index < 0 ? [] : this.#jobs.splice(index, 1);
    job?.cancelled();
    return job !== undefined;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      await job.run();
      // Requests that overtake get their turn between two jobs.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    this.#isBusy = false;
  }
}
