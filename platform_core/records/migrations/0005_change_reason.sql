-- Why a change was made, when whoever made it said so: an accepted observation, an import.
ALTER TABLE app.change_log ADD COLUMN reason text CHECK (char_length(reason) BETWEEN 1 AND 1000);
