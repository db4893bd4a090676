package dev.streamipc.sample.dispatch;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Draws the pictures that there are if the user has none, in a worker. */
final class Drawing {

    static final int WIDTH = 640;
    static final int HEIGHT = 480;

    private Drawing() {}

    /** Draws rings, another centre and colour for each number; returns the name of the file. */
    static String draw(String file, int number) throws IOException {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        double centreX = WIDTH * (0.2 + 0.6 * Math.abs(Math.sin(number)));
        double centreY = HEIGHT * (0.2 + 0.6 * Math.abs(Math.cos(number)));
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int ring = (int) Math.hypot(x - centreX, y - centreY);
                picture.setRGB(x, y, (ring * 3 & 0xff) << 16 | (ring * number & 0xff) << 8 | x * 255 / WIDTH);
            }
        }
        String format = file.substring(file.lastIndexOf('.') + 1);
        if (!ImageIO.write(picture, format, new File(file))) {
            throw new IOException("no such format: " + format);
        }
        return file;
    }
}
