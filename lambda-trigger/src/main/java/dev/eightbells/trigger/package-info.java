/** The watch itself: a Lambda that is fired every four hours, plans what is new and submits it. The module is empty until it can submit. */
package dev.eightbells.trigger;
