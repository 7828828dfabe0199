-- How often a schedule runs: a word, a turn such as '2d', or 'cron ' and an expression. The program
-- reads it; a list of words here would keep the others out.
ALTER TABLE schedules ADD COLUMN turn TEXT NOT NULL DEFAULT 'once';

UPDATE schedules SET turn = every;

ALTER TABLE schedules DROP COLUMN every;

ALTER TABLE schedules RENAME COLUMN turn TO every;
