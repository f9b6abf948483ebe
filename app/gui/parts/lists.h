// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages' lists have in common: tables of whole rows, the sentence that stands where there
// is nothing to list yet, and the text of what is selected.
#pragma once

class QLabel;
class QPlainTextEdit;
class QString;
class QTableView;

namespace gui {

// Rows are selected one at a time and never edited, Tab leaves the table. Between the lines of text
// there are so many pixels.
void listRows(QTableView* table, int padding = 8);
[[nodiscard]] QLabel* emptySentence(const QString& text);
// Can be read and selected by mouse and keys, not edited; Tab leaves it.
[[nodiscard]] QPlainTextEdit* shownText(const QString& objectName, const QString& accessibleName);

}  // namespace gui
