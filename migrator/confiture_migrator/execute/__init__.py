"""Carrying out: three executors of one interface (`Apply`, `PrintSql`, and `rehearse.Rehearsal`), none a flag in another."""

from confiture_migrator.execute.job import Executor, Job, Outcome, job_of

__all__ = ["Executor", "Job", "Outcome", "job_of"]
